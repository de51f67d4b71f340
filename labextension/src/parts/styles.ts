/** The look of all views, loaded with the first of them. */
import form from '../../style/form.raw.css';
import output from '../../style/output.raw.css';
import panel from '../../style/panel.raw.css';
import row from '../../style/row.raw.css';
import sweep from '../../style/sweep.raw.css';

const sheet = document.createElement('style');
sheet.textContent = panel + row + form + output + sweep;
document.head.append(sheet);
