import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { commands } from './plugin/commands';
import { documents } from './plugin/documents';
import { notices } from './plugin/notices';
import { panels } from './plugin/panels';
import { scheduler } from './plugin/scheduler';
import { toolbar } from './plugin/toolbar';

const plugins = [
  scheduler,
  commands,
  documents,
  panels,
  toolbar,
  notices
] as JupyterFrontEndPlugin<unknown>[];

export default plugins;
