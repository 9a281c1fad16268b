package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.between;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.UsageException;
import replklab.tensor.ArrayOperation.Binary.Arithmetic;
import replklab.tensor.ElementwiseOperation.Apply.Function;

/**
 * Each operation with tensors that fit, and then with one of them exchanged: what does not fit is refused where the operation is
 * built, since a backend computes without looking.
 */
class EveryOperationTest {
    private static final Activation GELU = Activation.GELU;

    static Stream<Record> operations() {
        Tensor[] parts = {t(2, 5, 4), t(2, 6, 4)};
        return Stream.of(
                new ArrayOperation.Binary(Arithmetic.ADD, t(2, 5, 4), t(5, 1), t(2, 5, 4)),
                new ArrayOperation.Repeat(t(2, 1, 4), t(2, 5, 4)),
                new ArrayOperation.Reduce(ArrayOperation.Reduce.Kind.SUM, t(2, 5, 4), t(2, 1, 4)),
                new ArrayOperation.MaxGradient(t(2, 5, 4), t(2, 1, 4), t(2, 5, 4)),
                new ArrayOperation.Softmax(t(2, 5, 4), t(2, 5, 4)),
                new ArrayOperation.SoftmaxGradient(t(2, 5, 4), t(2, 5, 4), t(2, 5, 4)),
                new ArrayOperation.Transpose(t(2, 5, 4), new int[] {1, 2, 0}, t(5, 4, 2)),
                new ArrayOperation.Slice(t(2, 5, 4), 1, 2, t(2, 3, 4)),
                new ArrayOperation.SliceGradient(t(2, 3, 4), 1, 2, t(2, 5, 4)),
                new ArrayOperation.Concatenate(parts, 1, t(2, 11, 4)),
                new ArrayOperation.ConcatenateGradient(t(2, 11, 4), 1, new int[] {5, 6}, parts),
                new ConvolutionOperation.Pointwise(
                        t(2, 5, 4), t(6, 4), t(6), GELU, t(2, 5, 6), Precision.BF16, t(2, 5, 6)),
                new ConvolutionOperation.PointwiseGradient(
                        t(2, 5, 4), t(6, 4), t(2, 5, 6), Precision.BF16, t(2, 5, 4), t(6, 4), t(6)),
                new ConvolutionOperation.Depthwise(t(2, 5, 7, 4), t(3, 3, 4), t(4), 2, 1, GELU, t(2, 3, 4, 4)),
                new ConvolutionOperation.DepthwiseGradient(
                        t(2, 5, 7, 4), t(3, 3, 4), 2, 1, t(2, 3, 4, 4), t(2, 5, 7, 4), t(3, 3, 4), t(4)),
                new ConvolutionOperation.DepthwisePair(
                        t(2, 5, 7, 4), t(5, 5, 4), t(3, 3, 4), t(2, 5, 7, 4), t(2, 5, 7, 4)),
                new ConvolutionOperation.DepthwisePairGradient(
                        t(2, 5, 7, 4),
                        t(5, 5, 4),
                        t(3, 3, 4),
                        t(2, 5, 7, 4),
                        t(2, 5, 7, 4),
                        t(2, 5, 7, 4),
                        t(5, 5, 4),
                        t(3, 3, 4)),
                new ConvolutionOperation.Convolution(
                        t(2, 5, 7, 4), t(6, 3, 3, 4), t(6), 2, 1, GELU, Precision.BF16, t(2, 3, 4, 6)),
                new ConvolutionOperation.ConvolutionGradient(
                        t(2, 5, 7, 4),
                        t(6, 3, 3, 4),
                        2,
                        1,
                        t(2, 3, 4, 6),
                        Precision.FLOAT32,
                        t(2, 5, 7, 4),
                        t(6, 3, 3, 4),
                        t(6)),
                new CustomCall(new Halves(), new Tensor[] {t(2, 5), t(2, 5)}, t(2, 5)),
                new ElementwiseOperation.Fill(t(2, 5), 1),
                new ElementwiseOperation.Activate(GELU, t(2, 5), t(2, 5)),
                new ElementwiseOperation.ActivationGradient(GELU, t(2, 5), t(2, 5), t(2, 5)),
                new ElementwiseOperation.Apply(Function.EXP, t(2, 5), t(2, 5)),
                new ElementwiseOperation.Combine(1, t(2, 5), 1, t(2, 5), t(2, 5)),
                new ElementwiseOperation.Multiply(t(2, 5), t(2, 5), t(2, 5)),
                new ElementwiseOperation.ScaleImages(t(2, 5), new float[2], t(2, 5)),
                new ElementwiseOperation.Gate(t(2, 5, 4), t(2, 4), t(2, 5, 4)),
                new ElementwiseOperation.GateGradient(t(2, 5, 4), t(2, 4), t(2, 5, 4), t(2, 5, 4), t(2, 4)),
                new ElementwiseOperation.ScaleChannels(t(2, 5, 4), t(4), t(2, 5, 4)),
                new ElementwiseOperation.ScaleChannelsGradient(t(2, 5, 4), t(4), t(2, 5, 4), t(2, 5, 4), t(4)),
                new NormOperation.BatchNorm(t(2, 5, 4), terms(), t(2, 5, 4)),
                new NormOperation.BatchNormGradient(t(2, 5, 4), terms(), t(2, 5, 4), t(2, 5, 4), t(4), t(4)),
                new NormOperation.BatchNormEvaluation(t(2, 5, 4), terms(), t(2, 5, 4)),
                new NormOperation.BatchNormEvaluationGradient(t(2, 5, 4), terms(), t(2, 5, 4), t(2, 5, 4), t(4), t(4)),
                new NormOperation.LayerNorm(t(2, 5, 4), t(4), t(4), 1e-6, t(2, 5, 4)),
                new NormOperation.LayerNormGradient(t(2, 5, 4), t(4), 1e-6, t(2, 5, 4), t(2, 5, 4), t(4), t(4)),
                new OptimiserStep.Sgd(t(2, 5), t(2, 5), t(2, 5), 1, 1, 0, 0),
                new OptimiserStep.AdamW(t(2, 5), t(2, 5), t(2, 5), t(2, 5), 1, 1, 0, 0, 0, 0, 1),
                new Reduction.CrossEntropy(t(2, 5), Targets.labels(0, 4), t(2, 5)),
                new Reduction.Sum(t(2, 5)),
                new Reduction.SumOfSquares(t(2, 5)),
                new SpaceOperation.GlobalAveragePool(t(2, 5, 7, 4), t(2, 4)),
                new SpaceOperation.GlobalAveragePoolGradient(t(2, 4), t(2, 5, 7, 4)),
                new SpaceOperation.ResizeBilinear(t(2, 5, 7, 4), t(2, 9, 3, 4)),
                new SpaceOperation.ResizeBilinearGradient(t(2, 9, 3, 4), t(2, 5, 7, 4)),
                new SpaceOperation.AdaptiveAveragePool(t(2, 5, 7, 4), t(2, 9, 3, 4)),
                new SpaceOperation.AdaptiveAveragePoolGradient(t(2, 9, 3, 4), t(2, 5, 7, 4)),
                new SpaceOperation.MaxPool(t(2, 5, 7, 4), 3, 2, 1, t(2, 3, 4, 4)),
                new SpaceOperation.MaxPoolGradient(t(2, 5, 7, 4), 3, 2, 1, t(2, 3, 4, 4), t(2, 5, 7, 4)),
                new SpaceOperation.Patches(t(2, 5, 7, 4), 2, t(2, 2, 3, 16)),
                new SpaceOperation.PatchesGradient(t(2, 2, 3, 16), 2, t(2, 5, 7, 4)));
    }

    /** Pixels are left over in one direction alone. */
    static Stream<Record> patchesAndARest() {
        return Stream.of(
                new SpaceOperation.PatchesGradient(t(2, 2, 3, 16), 2, t(2, 5, 6, 4)),
                new SpaceOperation.PatchesGradient(t(2, 2, 3, 16), 2, t(2, 4, 7, 4)));
    }

    /** Where an operation takes another size: component and axis. */
    private static final Set<String> FREE = Set.of(
            "Fill.y 0",
            "Fill.y 1",
            "Fill.y more",
            "Sum.x 0",
            "Sum.x 1",
            "Sum.x more",
            "SumOfSquares.x 0",
            "SumOfSquares.x 1",
            "SumOfSquares.x more",
            "Repeat.y 1",
            "Reduce.x 1",
            "Slice.x 1", // what lies behind the slice
            "SliceGradient.dx 1",
            "ResizeBilinear.x 1",
            "ResizeBilinear.x 2",
            "ResizeBilinear.y 1",
            "ResizeBilinear.y 2",
            "ResizeBilinearGradient.dx 1",
            "ResizeBilinearGradient.dx 2",
            "ResizeBilinearGradient.dy 1",
            "ResizeBilinearGradient.dy 2",
            "AdaptiveAveragePool.x 1",
            "AdaptiveAveragePool.x 2",
            "AdaptiveAveragePool.y 1",
            "AdaptiveAveragePool.y 2",
            "AdaptiveAveragePoolGradient.dx 1",
            "AdaptiveAveragePoolGradient.dx 2",
            "AdaptiveAveragePoolGradient.dy 1",
            "AdaptiveAveragePoolGradient.dy 2",
            "GlobalAveragePool.x 1",
            "GlobalAveragePool.x 2",
            "GlobalAveragePoolGradient.dx 1",
            "GlobalAveragePoolGradient.dx 2",
            "Depthwise.x 1", // with a stride of 2, as many outputs
            "Depthwise.x 2",
            "Convolution.x 1",
            "Convolution.x 2",
            "MaxPool.x 1",
            "MaxPool.x 2");

    @Test
    void noneIsForgotten() {
        Set<Class<?>> here = Collections.newSetFromMap(new IdentityHashMap<>());
        operations().forEach(operation -> here.add(operation.getClass()));
        assertThat(here).containsExactlyInAnyOrderElementsOf(leaves(Operation.class, Reduction.class));
    }

    private static Set<Class<?>> leaves(Class<?>... kinds) {
        Set<Class<?>> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Class<?> kind : kinds) {
            if (kind.isRecord()) {
                found.add(kind);
            } else {
                found.addAll(leaves(kind.getPermittedSubclasses()));
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTensorOfAnotherSizeOrOneAxisMoreIsRefused(Record operation) {
        Set<String> taken = new TreeSet<>();
        for (String name : tensors(operation)) {
            Shape shape = tensor(operation, name).shape();
            for (int axis = 0; axis < shape.rank(); axis++) {
                Shape longer = shape.with(axis, shape.size(axis) + 1);
                if (fits(operation, name, longer)) {
                    taken.add(name + " " + axis);
                }
            }
            int[] sizes = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
            sizes[shape.rank()] = 1;
            if (fits(operation, name, Shape.of(sizes))) {
                taken.add(name + " more");
            }
        }
        String label = operation.getClass().getSimpleName() + ".";
        List<String> free = FREE.stream()
                .filter(each -> each.startsWith(label))
                .map(each -> each.substring(label.length()))
                .toList();
        assertThat(taken).containsExactlyInAnyOrderElementsOf(free);
    }

    /** The tape keeps what is read, and looks at what is written before it changes. */
    @ParameterizedTest
    @MethodSource("operations")
    void everyTensorIsNamedAsReadOrWritten(Record made) {
        if (made instanceof Operation operation) {
            Set<Tensor> named = Collections.newSetFromMap(new IdentityHashMap<>());
            named.addAll(Arrays.asList(operation.reads()));
            named.addAll(Arrays.asList(operation.writes()));
            if (made instanceof NormOperation.BatchNormEvaluation norm) {
                named.add(norm.terms().mean());
                named.add(norm.terms().variance());
            }
            for (String name : tensors(made)) {
                assertThat(named).as(name).contains(tensor(made, name));
            }
            assertThat(named).hasSameSizeAs(tensors(made));
        }
    }

    /** A result over an input, or two results in one place: only what says so may do that. */
    @ParameterizedTest
    @MethodSource("operations")
    void whatIsWrittenIsMemoryOfItsOwn(Record made) {
        if (!(made instanceof Operation operation)) {
            return;
        }
        Backend.run(operation);
        List<Tensor> written = Stream.of(operation.writes()).toList();
        for (String name : tensors(made)) {
            for (String other : tensors(made)) {
                Tensor here = tensor(made, name);
                Tensor there = tensor(made, other);
                if (written.contains(here)
                        && here != there
                        && here.shape().elements() == there.shape().elements()) {
                    Operation both = (Operation)
                            with(made, name, _ -> there.reshape(here.shape().toArray()));
                    ThrowingCallable call = () -> Backend.run(both);
                    if (operation.mayWriteOverInputs()) {
                        assertThatCode(call).doesNotThrowAnyException();
                    } else {
                        assertThatThrownBy(call)
                                .as("%s over %s", name, other)
                                .isInstanceOf(UsageException.class)
                                .hasMessageContaining("memory of its own");
                    }
                }
            }
        }
    }

    /** Results are memory of the pool, with the numbers of whatever lay there before. An optimiser's step changes what is there. */
    @ParameterizedTest
    @MethodSource({"operations", "patchesAndARest"})
    void whatLayInAResultBeforeIsNotSeen(Record made) {
        if (made instanceof Operation operation && !(made instanceof OptimiserStep)) {
            List<Tensor> read = Stream.of(operation.reads()).toList();
            List<Tensor> written = Stream.of(operation.writes())
                    .filter(each -> each != null && !read.contains(each))
                    .toList();
            for (int i = 0; i < read.size(); i++) {
                if (read.get(i) != null) {
                    read.get(i).assign(between(i, 0.5, 1.5, read.get(i).shape().toArray()));
                }
            }
            Backend.run(operation);
            List<float[]> overZeros = written.stream().map(Tensor::toArray).toList();
            written.forEach(each -> Backend.run(new ElementwiseOperation.Fill(each, Float.NaN)));
            Backend.run(operation);
            for (int i = 0; i < written.size(); i++) {
                assertThat(written.get(i).toArray()).as("result %d", i).containsExactly(overZeros.get(i));
            }
        }
    }

    private static boolean fits(Record operation, String name, Shape shape) {
        try {
            with(operation, name, _ -> Tensor.zeros(shape.toArray()));
            return true;
        } catch (UsageException e) {
            return false;
        }
    }

    /** The names of all tensors: {@code x}, {@code parts[0]}, {@code terms.gamma}. */
    private static List<String> tensors(Record made) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : made.getClass().getRecordComponents()) {
            String name = component.getName();
            Object value = value(made, component);
            if (value instanceof Tensor) {
                names.add(name);
            } else if (value instanceof Tensor[] array) {
                for (int i = 0; i < array.length; i++) {
                    names.add(name + "[" + i + "]");
                }
            } else if (value instanceof Record inner) {
                tensors(inner).forEach(deeper -> names.add(name + "." + deeper));
            }
        }
        return names;
    }

    private static Tensor tensor(Record made, String name) {
        List<Tensor> found = new ArrayList<>();
        with(made, name, tensor -> {
            found.add(tensor);
            return tensor;
        });
        return found.getFirst();
    }

    /** The same record with one of its tensors exchanged. */
    private static Record with(Record made, String name, UnaryOperator<Tensor> exchange) {
        RecordComponent[] components = made.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String here = components[i].getName();
            types[i] = components[i].getType();
            values[i] = value(made, components[i]);
            if (name.equals(here)) {
                values[i] = exchange.apply((Tensor) values[i]);
            } else if (name.startsWith(here + "[")) {
                Tensor[] array = ((Tensor[]) values[i]).clone();
                int index = Integer.parseInt(name.substring(here.length() + 1, name.length() - 1));
                array[index] = exchange.apply(array[index]);
                values[i] = array;
            } else if (name.startsWith(here + ".")) {
                values[i] = with((Record) values[i], name.substring(here.length() + 1), exchange);
            }
        }
        try {
            var constructor = made.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (Record) constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object value(Record made, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(made);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Tensor t(int... sizes) {
        return Tensor.zeros(sizes);
    }

    private static BatchNormTerms terms() {
        return new BatchNormTerms(t(4), t(4), t(4), t(4), 1e-5, GELU);
    }

    /** Takes inputs of one shape. */
    private static final class Halves implements CustomOperation {
        @Override
        public String name() {
            return "halves";
        }

        @Override
        public Shape outputShape(Shape... inputs) {
            for (Shape shape : inputs) {
                if (!shape.equals(inputs[0])) {
                    throw new UsageException("halves of shapes " + inputs[0] + " and " + shape);
                }
            }
            return inputs[0];
        }

        @Override
        public Tensor forward(Tensor... inputs) {
            return inputs[0].add(inputs[1]);
        }

        @Override
        public Tensor[] gradient(Tensor dy, Tensor output, Tensor... inputs) {
            return new Tensor[] {dy, dy};
        }
    }
}
