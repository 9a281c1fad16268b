package replklab.tensor;

import java.util.function.Consumer;

/**
 * A backend that computes nothing and shows what it is asked for, such as to somebody who counts. Tensors have shapes then, and no
 * contents.
 */
public final class LookingBackend implements Backend {
    private final Consumer<Operation> viewer;

    /**
     * @param viewer sees each operation in its turn
     */
    public LookingBackend(Consumer<Operation> viewer) {
        this.viewer = viewer;
    }

    @Override
    public String name() {
        return "none";
    }

    @Override
    public String description() {
        return "none: nothing is computed";
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public void execute(Operation operation) {
        viewer.accept(operation);
    }

    @Override
    public double execute(Reduction reduction) {
        return 0;
    }
}
