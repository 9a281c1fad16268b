package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jshell.JShell;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the cursor may be in a cell; it is at the bar. */
class InspectionTest {
    private static JShell shell;

    @BeforeAll
    static void open() {
        LibrarySources.show();
        shell = JShell.builder().executionEngine("local").build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        shell.eval("import replklab.base.*;");
    }

    @AfterAll
    static void close() {
        shell.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LabHome.root|",
                "LabHome.ro|ot",
                "LabHome.ro|ot()",
                "LabHome.root(|",
                "LabHome.root()|",
                "LabHome.root|  ()",
                "int k = 3;\nLabHome.ro|ot();\nint l = 4;",
                "import java.util.*;\nint k = 3;\nLabHome.root(|)",
                "for (int i = 0; i < 3; i++) {\n    LabHome.ro|ot().resolve(\"a\");\n}",
                "class A { Object a() { return LabHome.ro|ot(); } }"
            })
    void showsTheMethod(String cell) {
        assertThat(text(cell)).contains("Path LabHome.root()").contains("The root of the checkout, absolute.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Lab|Home", "LabHome|", "|LabHome.root()"})
    void showsTheClass(String cell) {
        assertThat(text(cell)).contains("replklab.base.LabHome").contains("The checkout that this program works in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"|", "nowhere|", "nowhere.at(|", "((|", "\"LabHome|\"", "// LabHome|", "%time|", "é|"})
    void isQuietOtherwise(String cell) {
        assertThat(text(cell)).isEmpty();
    }

    private static String text(String cell) {
        DisplayData shown = new Inspection(shell).at(cell.replace("|", ""), cell.indexOf('|'));
        return shown == null ? "" : (String) shown.getData(MIMEType.TEXT_PLAIN);
    }
}
