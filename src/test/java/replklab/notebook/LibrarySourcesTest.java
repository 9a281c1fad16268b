package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import org.junit.jupiter.api.Test;

/** JShell's own documentation, as {@code ./lab jshell} shows it. */
class LibrarySourcesTest {
    @Test
    void jshellFindsTheJavadocOfTheLibrary() {
        LibrarySources.show();
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            String code = "replklab.base.LabHome.root(";
            List<Documentation> found = shell.sourceCodeAnalysis().documentation(code, code.length(), true);
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().javadoc()).contains("The root of the checkout, absolute.");
            assertThat(JavadocText.of(
                            found.getFirst().signature(), found.getFirst().javadoc()))
                    .contains("Thrown Exceptions:")
                    .doesNotContain("@throws");
        }
    }

    @Test
    void aSentenceAfterTheFirstKeepsItsDistance() {
        assertThat(JavadocText.of("int f()", " One. Two.\n\n @return three. Four.\n"))
                .startsWith("int f()\nOne. Two.\n\nReturns:\nthree. Four.");
    }
}
