package replklab.train;

import java.util.Optional;
import replklab.base.LabException;

/**
 * How a call of {@link Trainer#run} ended. A training that diverged is as done as one that is complete: called again, it
 * ends the same way at once.
 *
 * @param status whether there is more to do
 * @param divergence where it diverged, if it did
 */
public record TrainingOutcome(Status status, Optional<Divergence> divergence) {
    /** The ways to end. */
    public enum Status {
        /** All steps are done and evaluated. */
        COMPLETE,
        /** Told to stop: the next call goes on. */
        STOPPED,
        /** The loss is no longer finite. */
        DIVERGED
    }

    static final TrainingOutcome COMPLETE = new TrainingOutcome(Status.COMPLETE, Optional.empty());
    static final TrainingOutcome STOPPED = new TrainingOutcome(Status.STOPPED, Optional.empty());

    static TrainingOutcome of(Divergence divergence) {
        return new TrainingOutcome(Status.DIVERGED, Optional.of(divergence));
    }

    /** Whether all steps are done and evaluated. */
    public boolean isComplete() {
        return status == Status.COMPLETE;
    }

    /**
     * The same for callers that have no use for a training that diverged.
     *
     * @throws LabException if it did
     */
    public boolean isCompleteOrThrow() {
        divergence.ifPresent(found -> {
            throw new LabException("the training " + found);
        });
        return isComplete();
    }
}
