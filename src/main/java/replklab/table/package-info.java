/** Tables: the paper's as data, ours beside them as Tablesaw tables, and either as text, Markdown or CSV. */
package replklab.table;
