/** How things show themselves in Jupyter and JShell, what cells call ({@link replklab.notebook.Lab}), and the kernel that runs them. */
package replklab.notebook;
