package replklab.train;

/** Hears how a training goes; called on the training's thread. */
public interface TrainingListener {
    /**
     * After each step.
     *
     * @param step steps done, from 1
     * @param totalSteps steps of the whole training
     * @param loss of this step's batch
     * @param learningRate of this step
     */
    default void step(long step, long totalSteps, double loss, double learningRate) {}

    /** After each epoch, evaluated and with its checkpoint written. */
    default void epoch(EpochResult result) {}
}
