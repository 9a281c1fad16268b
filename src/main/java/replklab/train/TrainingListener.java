package replklab.train;

/** Hears how a training goes; called on the training's thread. */
public interface TrainingListener {
    /**
     * Whether it has heard of everything up to a checkpoint that the training could go on from, now or in an earlier process. Else
     * what it tells of the training would lack a part, and the training goes on from an earlier checkpoint or starts afresh.
     *
     * @param steps steps that the checkpoint has done
     * @param epochs epochs that were evaluated by then
     */
    default boolean hasHeard(long steps, int epochs) {
        return true;
    }

    /**
     * After each step.
     *
     * @param step steps done, from 1
     * @param totalSteps steps of the whole training
     * @param loss of this step's batch
     * @param learningRate of this step
     */
    default void step(long step, long totalSteps, double loss, double learningRate) {}

    /**
     * After each epoch is evaluated, before its checkpoint is written: a training that is killed in between repeats the
     * epoch when it is resumed, and tells of it again.
     */
    default void epoch(EpochResult result) {}

    /** Something the user should know, in one line: a damaged checkpoint, a disk that takes no more. */
    default void notice(String line) {}
}
