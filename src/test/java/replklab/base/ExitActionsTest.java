package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import replklab.base.ExitActions.Phase;

class ExitActionsTest {
    private final ExitActions actions = new ExitActions();
    private final List<String> done = new ArrayList<>();

    private Runnable says(String word) {
        return () -> done.add(word);
    }

    @Test
    void phasesRunInOrderAndTheLastAddedFirst() {
        actions.put(Phase.SERVERS, says("server"));
        actions.put(Phase.RUNS, says("run 1"));
        actions.put(Phase.WORK, says("work"));
        actions.put(Phase.RUNS, says("run 2"));
        assertThat(actions.begun()).isFalse();
        actions.run();
        assertThat(done).containsExactly("work", "run 2", "run 1", "server");
        assertThat(actions.begun()).isTrue();
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersFromRunning() {
        actions.put(Phase.SERVERS, says("server"));
        actions.put(Phase.RUNS, says("run"));
        actions.put(Phase.RUNS, () -> {
            throw new LabException("no");
        });
        actions.put(Phase.WORK, () -> {
            throw new StackOverflowError();
        });
        actions.run();
        assertThat(done).containsExactly("run", "server");
    }

    @Test
    void aPhaseTakesActionsUntilItIsOver() {
        actions.put(Phase.RUNS, () -> {
            assertThat(actions.put(Phase.WORK, says("too late"))).isFalse();
            assertThat(actions.put(Phase.RUNS, says("run"))).isTrue();
            assertThat(actions.put(Phase.SERVERS, says("server"))).isTrue();
        });
        actions.run();
        assertThat(done).containsExactly("run", "server");
        assertThat(actions.put(Phase.SERVERS, says("too late"))).isFalse();
        actions.run();
        assertThat(done).containsExactly("run", "server");
    }

    @Test
    void whatWasTakenBackDoesNotRun() {
        Runnable run = says("run");
        actions.put(Phase.RUNS, run);
        actions.put(Phase.SERVERS, says("server"));
        actions.take(run);
        actions.run();
        assertThat(done).containsExactly("server");
    }
}
