package replklab.notebook;

import java.io.PrintStream;

/** JShell and the terminal: a line of text each time. */
record TextSurface(PrintStream out) implements DisplaySurface {
    @Override
    public String show(Object content, String text) {
        out.println(text);
        return "";
    }

    @Override
    public void replace(String id, Object content, String text) {
        out.println(text);
    }
}
