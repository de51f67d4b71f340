/** The look of all views, loaded with the first of them. */
import '../../style/panel.css';
import '../../style/row.css';
import '../../style/form.css';
import '../../style/output.css';
