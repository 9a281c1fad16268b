package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import replklab.bench.ProcessContestant.Lifetime;

/** The protocol, with shell scripts for peers. */
@DisabledOnOs(OS.WINDOWS)
class PeerProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final BenchCase CASE = new ConvCase(1, 8, 5, 5, 3, Pass.FORWARD);

    private static ProcessBuilder script(String text) {
        return new ProcessBuilder("bash", "-c", text);
    }

    @Test
    void asksAndIsAnswered() {
        try (PeerProcess peer = PeerProcess.start(
                script("echo '{\"version\": \"7.1\"}'; while read -r line; do echo \"{\\\"got\\\": $line}\"; done"))) {
            assertThat(peer.version()).isEqualTo("7.1");
            JsonNode answer = peer.ask(Map.of("do", "run"), PATIENCE);
            assertThat(answer.at("/got/do").asText()).isEqualTo("run");
            assertThat(peer.isAlive()).isTrue();
        }
    }

    @Test
    void itEndsWithItsInput() {
        PeerProcess peer = PeerProcess.start(script("echo '{}'; cat"));
        peer.close();
        assertThat(peer.isAlive()).isFalse();
    }

    @Test
    void whatGoesWrongIsSaidInItsWords() {
        assertThatThrownBy(() -> PeerProcess.start(script("echo '{\"error\": \"no such module\"}'")))
                .isInstanceOf(LeftOutException.class)
                .hasMessage("no such module");
        assertThatThrownBy(() -> PeerProcess.start(script("exit 3")))
                .isInstanceOf(LeftOutException.class)
                .hasMessage("its process ended with exit code 3");
        assertThatThrownBy(() -> PeerProcess.start(script("echo hello")))
                .isInstanceOf(LeftOutException.class)
                .hasMessage("its answer is no JSON: hello");
        assertThatThrownBy(() -> PeerProcess.start(new ProcessBuilder("/nowhere/python")))
                .isInstanceOf(LeftOutException.class)
                .hasMessageContaining("does not start");
        try (PeerProcess silent = PeerProcess.start(script("echo '{}'; sleep 60"))) {
            assertThatThrownBy(() -> silent.ask(Map.of("do", "run"), Duration.ofMillis(50)))
                    .isInstanceOf(LeftOutException.class)
                    .hasMessageContaining("no answer");
        }
    }

    @Test
    void aContestantSpeaksTheProtocol() {
        String peer = """
                echo '{"version": "2.0"}'
                while read -r line; do
                    case $line in
                        *prepare*'"kernel":3'*) echo '{}' ;;
                        *run*'"times":2'*) echo '{"ms": [1.5, 2.5], "settling": true}' ;;
                        *describe*) echo '{"baseline_mib": 10, "peak_mib": 12.5, "plan": "direct", "layers": {"a": 1}}' ;;
                        *reset-peak* | *drop*) echo '{}' ;;
                        *) echo '{"error": "what?"}' ;;
                    esac
                done
                """;
        try (Contestant contestant = new ProcessContestant(
                "torch", "NCHW", Lifetime.ALL_CASES, () -> PeerProcess.start(script(peer)), UnaryOperator.identity())) {
            contestant.prepare(CASE, PATIENCE);
            assertThat(contestant.version()).isEqualTo("2.0");
            assertThat(contestant.run(2)).containsExactly(1.5, 2.5);
            assertThat(contestant.isSettling()).isTrue();
            contestant.resetPeak();
            Description description = contestant.describe();
            assertThat(description.memory().ofTheCaseMib()).isEqualTo(2.5);
            assertThat(description.plan()).isEqualTo("direct");
            assertThat(description.layers()).isEqualTo(Map.of("a", 1.0));
            assertThatThrownBy(() -> contestant.run(3))
                    .isInstanceOf(LeftOutException.class)
                    .hasMessage("what?");
            contestant.drop();
        }
    }

    @Test
    void whoIsNotInstalledIsAskedOnce() {
        int[] starts = {0};
        Contestant absent = new ProcessContestant(
                "torch",
                "",
                Lifetime.ALL_CASES,
                () -> {
                    starts[0]++;
                    throw new LeftOutException("not installed");
                },
                UnaryOperator.identity());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> absent.prepare(CASE, PATIENCE))
                    .isInstanceOf(LeftOutException.class)
                    .hasMessage("not installed");
        }
        assertThat(starts[0]).isEqualTo(1);
    }

    /** Our own side of the protocol, in a real process: prepares, runs and tells what it took. */
    @Test
    void ourOwnPeerComputes() {
        List<Contestant> own = Contestants.convolutions(List.of("ours"), null, Effort.CONV_QUICK);
        try (Contestant ours = own.getFirst()) {
            ours.prepare(new ConvCase(1, 8, 5, 5, 3, Pass.TRAINING), PATIENCE);
            assertThat(ours.run(3))
                    .hasSize(3)
                    .satisfies(times -> assertThat(times).doesNotContain(0));
            ours.resetPeak();
            assertThat(ours.describe().plan()).isNotEmpty();
            ours.drop();
            ours.prepare(CASE, PATIENCE);
            assertThat(ours.run(1)).hasSize(1);
        }
    }
}
