package replklab.train;

/**
 * What an epoch brought.
 *
 * @param epoch epochs done, from 1
 * @param step steps done
 * @param trainLoss mean loss of the epoch's steps
 * @param learningRate of the last step
 * @param imagesPerSecond training images a second, evaluation not counted
 * @param evaluation on the test images, by the averaged weights if there are any
 * @param seconds since the start of the training, earlier parts of a resumed one included
 */
public record EpochResult(
        int epoch,
        long step,
        double trainLoss,
        double learningRate,
        double imagesPerSecond,
        Evaluation evaluation,
        double seconds) {}
