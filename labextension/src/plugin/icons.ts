import { LabIcon } from '@jupyterlab/ui-components';
import { PACKAGE } from '../tokens/names';

export const clockIcon = new LabIcon({
  name: `${PACKAGE}:clock`,
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm-1 2.5v5.2l4.2 2.5.9-1.5-3.4-2V7.5z"/>
</svg>`
});

/** The right panel: sliders. */
export const parametersIcon = new LabIcon({
  name: `${PACKAGE}:parameters`,
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M4 6h7V4h2v6h-2V8H4V6zm11 0h5v2h-5V6zM4 11h2V9h2v6H6v-2H4v-2zm6 0h10v2H10v-2zM4 16h10v-2h2v6h-2v-2H4v-2zm14 0h2v2h-2v-2z"/>
</svg>`
});

/** The left panel: a list that runs. */
export const runsIcon = new LabIcon({
  name: `${PACKAGE}:runs`,
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M4 5h10v2H4V5zm0 6h8v2H4v-2zm0 6h6v2H4v-2zm10-6.5 7 4.5-7 4.5v-9z"/>
</svg>`
});
