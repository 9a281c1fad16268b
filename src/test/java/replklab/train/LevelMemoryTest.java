package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import replklab.base.EveryThread;
import replklab.base.NativeCaches;
import replklab.base.NativeMemory;
import replklab.base.Resident;
import replklab.data.Augmentation;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig.OptimiserKind;

/**
 * Memory stays level: a run leaves nothing behind, steps take nothing new, and images of ever new sizes stay within the budget.
 * The short forms count bytes; the long ones, tagged {@code nightly}, look at what the system says is resident, and write that to
 * {@code target/memory.md}.
 */
class LevelMemoryTest {
    private static final long MIB = 1 << 20;

    private long budget;

    @BeforeEach
    void begin() {
        budget = NativeCaches.budget();
        Tape.releaseMemory();
    }

    @AfterEach
    void putBack() {
        NativeCaches.setBudget(budget);
        Tape.releaseMemory();
    }

    @Test
    void aRunLeavesNothingBehind() {
        run(3, 2, 14);
        requireSoon(() -> NativeMemory.used() < 2 * MIB + NativeCaches.bytes());
        long after = NativeMemory.used();
        for (int kernel = 5; kernel <= 9; kernel += 2) {
            run(kernel, 2, 10 + kernel);
            assertThat(NativeMemory.used()).isGreaterThan(after + MIB);
            requireSoon(() -> NativeMemory.used() <= after + 64 * 1024);
        }
        assertThat(Tape.memory().cached()).isZero();
    }

    @Test
    void stepsTakeNothingNew() {
        Layer model = model(9);
        Optimiser optimiser = optimiser(model);
        eachThreadAlone(() -> step(model, optimiser, 14, 0));
        long pool = Tape.memoryBytes();
        long cached = Tape.memory().cached();
        for (int step = 0; step < 10; step++) {
            step(model, optimiser, 14, step);
        }
        assertThat(Tape.memoryBytes()).isEqualTo(pool);
        assertThat(Tape.memory().cached()).isEqualTo(cached);
    }

    /**
     * Lets each thread do all of it, one after the other: a thread's scratch memory is as large as the largest part it had, and
     * which parts it has is chance.
     */
    private static void eachThreadAlone(Runnable work) {
        ReentrantLock turn = new ReentrantLock();
        EveryThread.run(() -> {
            turn.lock();
            try {
                work.run();
            } finally {
                turn.unlock();
            }
        });
    }

    /** Each size's memory is more than half of the budget: without it, all sizes' would be kept. */
    @Test
    void imagesOfManySizesStayWithinTheBudget() {
        Layer model = model(5).folded();
        NativeCaches.setBudget(4 * MIB);
        long most = 0;
        for (int side = 20; side < 60; side++) {
            evaluate(model, side);
            most = Math.max(most, Tape.memory().cached());
        }
        // What the last two sizes used is kept besides: it is what a next image of theirs would need at once.
        assertThat(most).isLessThan(4 * MIB + 2 * ofOneSize(model, 60));
        float[] before = evaluate(model, 33);
        Tape.releaseMemory();
        assertThat(Tape.memory().cached()).isZero();
        assertThat(evaluate(model, 33)).as("made again, to the bit").isEqualTo(before);
    }

    private static long ofOneSize(Layer model, int side) {
        Tape.releaseMemory();
        evaluate(model, side);
        return Tape.memory().cached();
    }

    @Test
    @Tag("nightly")
    @EnabledOnOs(OS.LINUX)
    void residentMemoryIsLevelOverFiftyRuns() throws IOException {
        List<Long> mib = new ArrayList<>();
        for (int run = 0; run < 50; run++) {
            run(3 + 2 * (run % 6), 3, 28);
            Tape.releaseMemory();
            mib.add(Resident.mib());
        }
        Resident.tell("50 runs: %d MiB after the first, %d after the tenth, %d after the last, %d at most"
                .formatted(mib.getFirst(), mib.get(9), mib.getLast(), Collections.max(mib)));
        assertThat(mib.getLast()).isLessThan(mib.get(9) + 150);
    }

    @Test
    @Tag("nightly")
    @EnabledOnOs(OS.LINUX)
    void residentMemoryIsLevelOverTwoThousandSteps() throws IOException {
        Layer model = model(9);
        Optimiser optimiser = optimiser(model);
        long after = 0;
        for (int step = 0; step < 2000; step++) {
            step(model, optimiser, 14, step);
            after = step == 300 ? Resident.mib() : after;
        }
        long last = Resident.mib();
        Resident.tell("2,000 steps: %d MiB after 300, %d after the last".formatted(after, last));
        assertThat(last).isLessThan(after + 150);
    }

    @Test
    @Tag("nightly")
    @EnabledOnOs(OS.LINUX)
    void residentMemoryIsLevelOverTwoHundredSizes() throws IOException {
        Layer model = model(13).folded();
        NativeCaches.setBudget(256 * MIB);
        long before = Resident.mib();
        for (int side = 20; side < 220; side++) {
            evaluate(model, side);
        }
        long after = Resident.mib();
        long oneSize = ofOneSize(model, 220) / MIB;
        Tape.releaseMemory();
        long released = Resident.mib();
        Resident.tell(
                "200 sizes with a budget of 256 MiB: %d MiB before, %d after (%d of them one size's), %d when released"
                        .formatted(before, after, oneSize, released));
        assertThat(after).isLessThan(before + 256 + 2 * oneSize + 300);
        assertThat(released).isLessThan(before + 150);
    }

    private static void run(int kernel, int steps, int side) {
        Layer model = model(kernel);
        Optimiser optimiser = optimiser(model);
        for (int step = 0; step < steps; step++) {
            step(model, optimiser, side, step);
        }
        evaluate(model, side);
        evaluate(model.folded(), side);
    }

    private static Layer model(int kernel) {
        return new MobileNetV2(
                new MobileNetV2Config(
                        0.25, kernel, List.of(), 3, 1, true, 1, List.of(1, 2, 1, 2, 1, 1, 1), List.of(), 64, 1, 10),
                new SplittableRandom(1));
    }

    private static Optimiser optimiser(Layer model) {
        TrainingConfig config = new TrainingConfig(
                1,
                8,
                OptimiserKind.SGD,
                0.1,
                0.9,
                0,
                0,
                0,
                0,
                0,
                0,
                Precision.FLOAT32,
                new Augmentation(0, 0, 0, 0, 0));
        return Optimiser.of(config, model.parameters());
    }

    private static void step(Layer model, Optimiser optimiser, int side, long seed) {
        model.train(true);
        try (Tape tape = Tape.training(seed)) {
            Tensor images = Tensor.full(0.5f, 8, side, side, 1);
            Tensor loss = model.forward(images).crossEntropy(Targets.labels(0, 1, 2, 3, 4, 5, 6, 7));
            tape.backward(loss);
            optimiser.step(0.01, 1);
        }
    }

    private static float[] evaluate(Layer model, int side) {
        model.train(false);
        try (Tape _ = Tape.inference()) {
            return model.forward(Tensor.full(0.5f, 4, side, side, 1)).toArray();
        }
    }

    /** The thread that gives back what the collector finds may come a little later. */
    private static void requireSoon(BooleanSupplier holds) {
        for (int i = 0; i < 100; i++) {
            Tape.releaseMemory();
            if (holds.getAsBoolean()) {
                return;
            }
        }
        assertThat(holds.getAsBoolean()).as("used " + NativeMemory.used()).isTrue();
    }
}
