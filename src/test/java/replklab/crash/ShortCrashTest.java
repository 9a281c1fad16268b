package replklab.crash;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of the crash suite, for every build: one experiment that is killed in three ways before it may finish. */
class ShortCrashTest {
    @Test
    void recordsSurviveKillsOfProgramAndServer() throws IOException {
        new Kills(null).hit(new Story("short"), true, List.of(Kills.Kind.ALL, Kills.Kind.INTERRUPT, Kills.Kind.SERVER));
    }
}
