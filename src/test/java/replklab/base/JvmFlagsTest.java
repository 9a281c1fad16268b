package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
    @Test
    void pathsAndOthersPropertiesAreNotTold() {
        assertThat(JvmFlags.shown(List.of(
                        "-Xmx2g",
                        "-Dpassword=s3cr3t",
                        "-Dreplklab.home=/home/me",
                        "-Dreplklab.depthwise=fft",
                        "-Dreplklab.stderr=3",
                        "-XX:HeapDumpPath=/tmp/x",
                        "-XX:MaxVectorSize=32",
                        "-javaagent:agent.jar",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED")))
                .isEqualTo("--add-opens=java.base/java.nio=ALL-UNNAMED -Dreplklab.depthwise=fft"
                        + " -XX:MaxVectorSize=32 -Xmx2g");
    }
}
