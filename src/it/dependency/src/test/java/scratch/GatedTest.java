package scratch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.data.Split;
import replklab.data.TrainTest;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.EpochResult;
import replklab.train.Trainer;
import replklab.train.TrainingConfig;
import replklab.train.TrainingListener;

class GatedTest {
    @Test
    void gradientOfASquare() {
        Tensor w = Tensor.of(new float[] {2, 5, 7}, 3).asParameter();
        try (Tape tape = Tape.training(1)) {
            tape.backward(w.multiply(w).sum());
            assertEquals(10, w.gradient().toArray()[1]);
        }
    }

    @Test
    void trains() {
        List<EpochResult> epochs = new ArrayList<>();
        TrainTest data = new TrainTest(new Bars(Split.TRAIN, 192), new Bars(Split.TEST, 48));
        Gated network = new Gated(16, 2, new SplittableRandom(1));
        new Trainer(network, data, TrainingConfig.adamW(20, 16, 1e-2), 1, null)
                .run(
                        new TrainingListener() {
                            @Override
                            public void epoch(EpochResult result) {
                                epochs.add(result);
                            }
                        },
                        () -> false);
        double accuracy = epochs.getLast().evaluation().accuracy();
        System.out.println("accuracy " + accuracy);
        assertTrue(accuracy > 90, () -> epochs.toString());
        double mistaken = new Mistaken().ask(network, data).get("mistaken");
        assertEquals(accuracy, 100 * (1 - mistaken / 48), 1e-6);
    }
}
