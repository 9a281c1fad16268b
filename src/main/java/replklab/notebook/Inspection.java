package replklab.notebook;

import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** What a notebook shows at Shift-Tab: signature and Javadoc of what the cursor is at. */
final class Inspection {
    private final SourceCodeAnalysis analysis;

    Inspection(JShell shell) {
        analysis = shell.sourceCodeAnalysis();
    }

    /**
     * The type, method, constructor or field that the name at the cursor means, or else the method whose arguments the cursor is in;
     * with all its overloads that fit.
     *
     * @param code a cell
     * @param cursor how many characters of it come before the cursor
     * @return null if there is nothing
     */
    DisplayData at(String code, int cursor) {
        int end = Math.clamp(cursor, 0, code.length());
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        String before = code.substring(0, end);
        boolean called = code.substring(end).stripLeading().startsWith("(");
        for (String statements : List.of(before, lastOf(before))) {
            for (String text : readings(statements, called)) {
                List<Documentation> found = documentation(text);
                if (!found.isEmpty()) {
                    return new DisplayData(found.stream()
                            .map(each -> JavadocText.of(each.signature(), each.javadoc()))
                            .distinct()
                            .collect(Collectors.joining("\n\n")));
                }
            }
        }
        return null;
    }

    /** JShell takes a name for a method's only where the arguments begin. */
    private static List<String> readings(String text, boolean called) {
        if (text.endsWith("()")) { // as completion has written it
            return List.of(text.substring(0, text.length() - 1));
        }
        if (text.isEmpty() || !Character.isJavaIdentifierPart(text.charAt(text.length() - 1))) {
            return List.of(text);
        }
        return called ? List.of(text + "(", text) : List.of(text, text + "(");
    }

    /** The statement or declaration that is not complete yet, without those before it, which JShell cannot always read together. */
    private String lastOf(String text) {
        String rest = text;
        while (true) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            if (!info.completeness().isComplete() || info.remaining().isBlank()) {
                return rest;
            }
            rest = info.remaining();
        }
    }

    private List<Documentation> documentation(String text) {
        return analysis.documentation(text, text.length(), true);
    }
}
