package replklab.notebook;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;

/**
 * Where in a notebook the lines of a stack trace stand. JShell numbers the pieces that it is given, from the start-up's imports on,
 * and calls the first line of each 1: {@code (#42:1)} is {@code (cell [3], line 7)} for who looks at the page.
 */
final class CellLines {
    private static final Pattern FRAME = Pattern.compile("\\.?([^\\s()]*)\\(#(\\d+):(\\d+)\\)");

    /** What JShell calls the method around statements, and the lambdas in it. */
    private static final Pattern STATEMENTS = Pattern.compile("\\.?(?:lambda\\$)?do_it\\$.*");

    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private int cell;
    private String code = "";
    private int read;

    /** @param before the lines of the cell above a snippet */
    private record Place(int cell, int before) {}

    static CellLines of(JShell shell) {
        CellLines lines = new CellLines();
        shell.onSnippetEvent(lines::see);
        return lines;
    }

    /** A cell begins; the page shows its number beside it. */
    synchronized void begin(int number, String source) {
        cell = number;
        code = source;
        read = 0;
    }

    private void see(SnippetEvent event) {
        if (event.causeSnippet() == null) {
            see(event.snippet());
        }
    }

    private synchronized void see(Snippet snippet) {
        String source = snippet.source().strip();
        int start = code.indexOf(source, read);
        if (start < 0) {
            return; // the start-up's, or what a magic makes
        }
        read = start + source.length();
        int before = (int) code.substring(0, start).lines().count();
        boolean midLine = start > 0 && code.charAt(start - 1) != '\n';
        places.putIfAbsent(snippet.id(), new Place(cell, midLine ? before - 1 : before));
    }

    /** Lines of a stack trace with the places in the notebook. */
    List<String> readable(List<String> trace) {
        return trace.stream()
                .map(line -> FRAME.matcher(line).replaceAll(this::readable))
                .toList();
    }

    private String readable(MatchResult frame) {
        Place place = places.get(frame.group(2));
        if (place == null) {
            return Matcher.quoteReplacement(frame.group());
        }
        String text = "cell [%d], line %d".formatted(place.cell, place.before + Integer.parseInt(frame.group(3)));
        String method = frame.group(1);
        return method.isEmpty() || STATEMENTS.matcher(method).matches()
                ? text
                : Matcher.quoteReplacement(method + "(" + text + ")");
    }
}
