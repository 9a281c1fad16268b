package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Effort EFFORT = new Effort(4, 10, 50, 1000, 200, Duration.ofSeconds(10), 0, 1);
    private static final BenchCase CASE = new ConvCase(1, 8, 5, 5, 3, Pass.FORWARD);

    private static CaseResult measure(Contestant... contestants) {
        return new Rounds(EFFORT, text -> {}).measure(CASE, List.of(contestants));
    }

    @Test
    void theMedianIsOfTheRoundsAlone() {
        // Slow while it is compiled; then 2 ms, but the first call of a turn of five takes 9.
        FakeContestant ours = new FakeContestant("ours", "", call -> call < 6 ? 50 : (call - 6) % 5 == 0 ? 9 : 2);
        ours.settlingTurns = 6;
        Measured measured = measure(ours).measured().getFirst();
        assertThat(measured.timing().median()).isEqualTo(2);
        assertThat(measured.timing().runs()).isGreaterThanOrEqualTo(4);
        assertThat(measured.description().memory().ofTheCaseMib()).isEqualTo(50);
        assertThat(ours.dropped).isTrue();
    }

    @Test
    void warmingUpGoesOnWhileTheCompilerWorks() {
        FakeContestant plateau = new FakeContestant("ours", "", call -> call < 10 ? 40 : 1);
        plateau.settlingTurns = 10;
        assertThat(measure(plateau).measured().getFirst().timing().slowest()).isEqualTo(1);
    }

    @Test
    void everybodyTakesTurnsAndAnotherOneBegins() {
        List<String> order = new ArrayList<>();
        FakeContestant a = new FakeContestant("a", "", call -> note(order, "a"));
        FakeContestant b = new FakeContestant("b", "", call -> note(order, "b"));
        measure(a, b);
        String rounds = String.join("", order).replaceAll("a+", "a").replaceAll("b+", "b");
        // Warm-up of both, then four rounds: ab, ba, ab, ba; neighbours run together.
        assertThat(rounds).isEqualTo("abababa".substring(0, rounds.length())).hasSizeGreaterThanOrEqualTo(6);
    }

    private static double note(List<String> order, String name) {
        order.add(name);
        return 20; // one call a turn
    }

    @Test
    void theFasterVariantStandsForTheImplementation() {
        FakeContestant slow = new FakeContestant("torch", "NCHW", call -> 30);
        FakeContestant fast = new FakeContestant("torch", "channels_last", call -> 5);
        FakeContestant near = new FakeContestant("torch", "compiled", call -> 6);
        CaseResult result = measure(slow, fast, near);
        assertThat(result.measured()).singleElement().satisfies(torch -> {
            assertThat(torch.variant()).isEqualTo("channels_last");
            assertThat(torch.timing().median()).isEqualTo(5);
            assertThat(torch.variants()).containsOnlyKeys("NCHW", "channels_last", "compiled");
            assertThat(torch.variants().get("NCHW").median()).isEqualTo(30);
        });
        assertThat(slow.turns).as("far behind: no rounds").isLessThan(fast.turns);
        assertThat(near.turns).isGreaterThanOrEqualTo(4);
    }

    /** A process that is slow for good shows as spread: it takes part in all rounds, and the median is over all of ours. */
    @Test
    void oursIsOverAllItsProcesses() {
        FakeContestant first = new FakeContestant("ours", "process 1", call -> 20);
        FakeContestant slow = new FakeContestant("ours", "process 2", call -> 40);
        FakeContestant third = new FakeContestant("ours", "process 3", call -> 22);
        CaseResult result = measure(first, slow, third);
        assertThat(result.measured()).singleElement().satisfies(ours -> {
            assertThat(ours.variant()).isEmpty();
            assertThat(ours.timing().median()).isEqualTo(22);
            assertThat(ours.timing().slowest()).isEqualTo(40);
            assertThat(ours.timing().runs()).isEqualTo(12);
            assertThat(ours.variants()).containsOnlyKeys("process 1", "process 2", "process 3");
            assertThat(ours.variants().get("process 2").median()).isEqualTo(40);
        });
    }

    @Test
    void aVerySlowOneIsNotRepeated() {
        FakeContestant nd4j = new FakeContestant("nd4j", "", call -> 5000);
        Timing timing = measure(nd4j).measured().getFirst().timing();
        assertThat(nd4j.calls()).isEqualTo(1);
        assertThat(timing.runs()).isEqualTo(1);
    }

    @Test
    void whoFailsIsLeftOutAndTheOthersGoOn() {
        FakeContestant absent = new FakeContestant("openvino", "", call -> 1);
        absent.failsAtPreparing = new LeftOutException("not installed");
        FakeContestant dies = new FakeContestant("torch", "NCHW", call -> 20);
        dies.failsAtTurn = 4;
        FakeContestant ours = new FakeContestant("ours", "", call -> 20);
        CaseResult result = measure(absent, dies, ours);
        assertThat(result.measured()).extracting(Measured::implementation).containsExactly("ours");
        assertThat(result.leftOut())
                .containsExactly(new LeftOut("openvino", "", "not installed"), new LeftOut("torch", "NCHW", "gone"));
        assertThat(dies.dropped).isTrue();
    }
}
