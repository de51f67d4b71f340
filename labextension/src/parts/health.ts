import { isMissing, messageOf } from '../api/problem';
import type { Workspace } from '../model/workspace';
import type { Health } from './notice';

/** What a panel says above its rows, from the workspace's state and the last failed request of its own. */
export function healthOf(workspace: Workspace, own: unknown): Health {
  const problem = own ?? workspace.problem;
  return {
    status: workspace.status,
    missing: isMissing(workspace.problem),
    problem: problem ? messageOf(problem) : null
  };
}
