package replklab.tensor.device;

import replklab.device.Groups;
import replklab.tensor.SpaceOperation;
import replklab.tensor.SpaceOperation.AdaptiveAveragePool;
import replklab.tensor.SpaceOperation.AdaptiveAveragePoolGradient;
import replklab.tensor.SpaceOperation.GlobalAveragePool;
import replklab.tensor.SpaceOperation.GlobalAveragePoolGradient;
import replklab.tensor.SpaceOperation.MaxPool;
import replklab.tensor.SpaceOperation.MaxPoolGradient;
import replklab.tensor.SpaceOperation.Patches;
import replklab.tensor.SpaceOperation.PatchesGradient;
import replklab.tensor.SpaceOperation.ResizeBilinear;
import replklab.tensor.SpaceOperation.ResizeBilinearGradient;
import replklab.tensor.Tensor;

/** Operations that change an image's height and width. */
final class SpaceLaunches {
    static final Launcher.Program PROGRAM = Launcher.Program.of("space.cl");

    private final Launcher launcher;
    private final SumLaunches sums;

    SpaceLaunches(Launcher launcher, SumLaunches sums) {
        this.launcher = launcher;
        this.sums = sums;
    }

    void run(SpaceOperation operation) {
        switch (operation) {
            case GlobalAveragePool(var x, var y) ->
                sums.ofRows(x, x.size(0), (float) (1.0 / ((long) x.size(1) * x.size(2))), y);
            case GlobalAveragePoolGradient(var dy, var dx) -> {
                long elements = dx.shape().elements();
                long pixels = (long) dx.size(1) * dx.size(2);
                launcher.run(
                        PROGRAM,
                        "spread_mean",
                        Groups.of(elements),
                        elements,
                        pixels,
                        dx.size(3),
                        (float) (1.0 / pixels),
                        launcher.in(dy),
                        launcher.out(dx));
            }
            case ResizeBilinear(var x, var y) -> each("resize", y, x, y, launcher.in(x), launcher.out(y));
            case ResizeBilinearGradient(var dy, var dx) ->
                each("resize_gradient", dx, dx, dy, launcher.in(dy), launcher.out(dx));
            case AdaptiveAveragePool(var x, var y) -> each("adaptive_pool", y, x, y, launcher.in(x), launcher.out(y));
            case AdaptiveAveragePoolGradient(var dy, var dx) ->
                each("adaptive_pool_gradient", dx, dx, dy, launcher.in(dy), launcher.out(dx));
            case MaxPool(var x, var kernel, var stride, var padding, var y) ->
                each("max_pool", y, x, y, kernel, stride, padding, launcher.in(x), launcher.out(y));
            case MaxPoolGradient(var x, var kernel, var stride, var padding, var dy, var dx) ->
                each(
                        "max_pool_gradient",
                        dx,
                        dx,
                        dy,
                        kernel,
                        stride,
                        padding,
                        launcher.in(x),
                        launcher.in(dy),
                        launcher.out(dx));
            case Patches(var x, var size, var y) -> each("patches", y, x, y, size, launcher.in(x), launcher.out(y));
            case PatchesGradient(var dy, var size, var dx) ->
                each("patches_gradient", dx, dx, dy, size, launcher.in(dy), launcher.out(dx));
        }
    }

    /**
     * A kernel of one work item an element.
     *
     * @param written whose elements these are
     * @param image the one of full channels, (n, h, w, channels)
     * @param other of which height and width are told
     */
    private void each(String function, Tensor written, Tensor image, Tensor other, Object... arguments) {
        long elements = written.shape().elements();
        Object[] all = new Object[arguments.length + 6];
        all[0] = elements;
        all[1] = image.size(1);
        all[2] = image.size(2);
        all[3] = other.size(1);
        all[4] = other.size(2);
        all[5] = image.size(3);
        System.arraycopy(arguments, 0, all, 6, arguments.length);
        launcher.run(PROGRAM, function, Groups.of(elements), all);
    }
}
