package replklab.tensor.device;

import replklab.device.Groups;
import replklab.tensor.ElementwiseOperation;
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.ElementwiseOperation.Apply;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.ElementwiseOperation.Gate;
import replklab.tensor.ElementwiseOperation.GateGradient;
import replklab.tensor.ElementwiseOperation.Multiply;
import replklab.tensor.ElementwiseOperation.ScaleChannels;
import replklab.tensor.ElementwiseOperation.ScaleChannelsGradient;
import replklab.tensor.ElementwiseOperation.ScaleImages;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Tensor;

/** Operations on each element by itself. */
final class ElementwiseLaunches {
    static final Launcher.Program PROGRAM = Launcher.Program.of("elementwise.cl");

    private final Launcher launcher;
    private final SumLaunches sums;

    ElementwiseLaunches(Launcher launcher, SumLaunches sums) {
        this.launcher = launcher;
        this.sums = sums;
    }

    void run(ElementwiseOperation operation) {
        switch (operation) {
            case Fill(var y, var value) -> fill(y, value);
            case Activate(var kind, var x, var y) ->
                each(y, "activate", KernelNumbers.of(kind), launcher.in(x), launcher.out(y));
            case ActivationGradient(var kind, var x, var dy, var dx) ->
                each(
                        dx,
                        "activate_gradient",
                        KernelNumbers.of(kind),
                        launcher.in(x),
                        launcher.in(dy),
                        launcher.out(dx));
            case Apply(var function, var x, var y) ->
                each(y, "apply", KernelNumbers.of(function), launcher.in(x), launcher.out(y));
            case Combine(var a, var x, var b, var z, var y) ->
                each(y, "combine", a, launcher.in(x), b, launcher.in(z), launcher.out(y));
            case Multiply(var x, var z, var y) -> each(y, "multiply", launcher.in(x), launcher.in(z), launcher.out(y));
            case ScaleImages(var x, var factors, var y) -> {
                try (Launcher.Scratch given = launcher.upload(factors)) {
                    each(y, "scale_images", image(y), launcher.in(x), given.array(), launcher.out(y));
                }
            }
            case Gate(var x, var gate, var y) -> gate(x, gate, image(x), y);
            case GateGradient(var x, var gate, var dy, var dx, var dgate) -> {
                if (dx != null) {
                    gate(dy, gate, image(x), dx);
                }
                if (dgate != null) {
                    sums.ofProducts(x, dy, x.size(0), dgate);
                }
            }
            case ScaleChannels(var x, var factors, var y) ->
                gate(x, factors, x.shape().elements(), y);
            case ScaleChannelsGradient(var x, var factors, var dy, var dx, var dfactors) -> {
                if (dx != null) {
                    gate(dy, factors, x.shape().elements(), dx);
                }
                if (dfactors != null) {
                    sums.ofProducts(x, dy, 1, dfactors);
                }
            }
        }
    }

    private void fill(Tensor y, float value) {
        if (y.shape().elements() == 1) {
            // A single number, such as where a backward pass begins, is soonest read where it is known.
            y.assign(new float[] {value});
        } else {
            each(y, "fill", launcher.out(y), value);
        }
    }

    private void gate(Tensor x, Tensor factors, long image, Tensor y) {
        each(y, "gate", image, x.shape().channels(), launcher.in(x), launcher.in(factors), launcher.out(y));
    }

    private static long image(Tensor x) {
        return x.shape().elements() / x.size(0);
    }

    /** A kernel whose first argument is the number of elements. */
    private void each(Tensor written, String function, Object... arguments) {
        long elements = written.shape().elements();
        Object[] all = new Object[arguments.length + 1];
        all[0] = elements;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        launcher.run(PROGRAM, function, Groups.of(elements), all);
    }

    void run(OptimiserStep step) {
        switch (step) {
            case OptimiserStep.Sgd(var w, var gradient, var velocity, var scale, var rate, var momentum, var decay) ->
                each(
                        w,
                        "sgd",
                        launcher.inOut(w),
                        launcher.in(gradient),
                        launcher.inOut(velocity),
                        scale,
                        rate,
                        momentum,
                        decay);
            case OptimiserStep.AdamW adam ->
                each(
                        adam.w(),
                        "adamw",
                        launcher.inOut(adam.w()),
                        launcher.in(adam.gradient()),
                        launcher.inOut(adam.first()),
                        launcher.inOut(adam.second()),
                        adam.scale(),
                        adam.rate(),
                        adam.beta1(),
                        1 - adam.beta1(),
                        adam.beta2(),
                        1 - adam.beta2(),
                        adam.epsilon(),
                        1 - adam.rate() * adam.decay(),
                        (float) (1 / (1 - Math.pow(adam.beta1(), (double) adam.step()))),
                        (float) (1 / (1 - Math.pow(adam.beta2(), (double) adam.step()))));
        }
    }
}
