/** All that is not needed at start, by one door: so the bundle of it is one scope, and weighs a good deal less. */
export { CopyView } from '../documents/copy';
export { OutputView } from '../documents/output';
export { outputViews } from '../documents/views';
export { Workspace } from '../model/workspace';
export { Badge } from '../panels/badge';
export { ParametersPanel } from '../panels/parametersPanel';
export { RunsPanel } from '../panels/runsPanel';
export { addStyles } from '../parts/styles';
export { Actions } from './actions';
export { CatchUpNotice } from './tellCatchUps';
export { Notices } from './tellEnds';
