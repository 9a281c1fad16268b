package replklab.base;

/** How text out of a file that nobody vouches for is shown in messages: short, and without control characters. */
public final class Shown {
    private static final int MOST = 120;

    private Shown() {}

    /** The text, or what stands for none. */
    public static String of(String text) {
        if (text == null) {
            return "no reason given";
        }
        String shown = text.length() > MOST ? text.substring(0, MOST) + "..." : text;
        return inLine(shown);
    }

    /** The whole text, in one line: for a message that has such text in it. */
    public static String inLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
