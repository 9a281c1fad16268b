package replklab.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import replklab.base.UsageException;

/**
 * Between tensors and ND4J's arrays, without copying where the memory allows it. The one class that knows where an
 * INDArray's memory lies; it asks ND4J for host memory, so it is right for the CUDA backend, too.
 */
final class NdArrays {
    private NdArrays() {}

    static Tensor tensor(INDArray array) {
        if (array.isEmpty()) {
            throw new UsageException("an empty ND4J array, shape " + Arrays.toString(array.shape())
                    + ", makes no tensor (ND4J gives one for the slice of a slice: call dup() in between)");
        }
        Shape shape =
                Shape.of(Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray());
        // Not ordering(): it says 'f' of some slices whose elements do lie in C order.
        boolean shareable =
                array.dataType() == DataType.FLOAT && Arrays.equals(array.stride(), rowMajorStrides(array.shape()));
        INDArray source = shareable ? array : array.castTo(DataType.FLOAT).dup('c');
        Nd4j.getAffinityManager().ensureLocation(source, AffinityManager.Location.HOST);
        DataBuffer buffer = source.data();
        // The pointer names the start of the whole buffer; a view begins offset() elements later.
        long start = buffer.pointer().address() + source.offset() * Float.BYTES;
        long bytes = shape.elements() * Float.BYTES;
        // Captured by the segment's clean-up action, the array lives as long as the segment; nothing else is done
        // there.
        MemorySegment memory = MemorySegment.ofAddress(start)
                .reinterpret(bytes, Arena.ofAuto(), ignored -> Objects.requireNonNull(source));
        return new Tensor(shape, Storage.of(memory));
    }

    static INDArray array(Tensor tensor) {
        Storage storage = tensor.storage();
        Tensor lasting = storage.isPooled() || tensor.isFrozen() || storage.place() != null ? tensor.copy() : tensor;
        MemorySegment memory = lasting.memory();
        lasting.storage().share();
        long elements = lasting.shape().elements();
        // By the factory itself: Nd4j.createBuffer would wrap a pointer of its own, and forget the one that holds the
        // memory.
        SegmentPointer pointer = new SegmentPointer(memory, elements);
        DataBuffer buffer =
                Nd4j.getDataBufferFactory().create(pointer, DataType.FLOAT, elements, FloatIndexer.create(pointer));
        long[] shape = lasting.shape().toLongArray();
        return Nd4j.create(buffer, shape, rowMajorStrides(shape), 0, 'c', DataType.FLOAT);
    }

    private static long[] rowMajorStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= shape[axis];
        }
        return strides;
    }

    /** A pointer to a segment's memory that keeps the segment alive. */
    private static final class SegmentPointer extends FloatPointer {
        @SuppressWarnings({"unused", "FieldCanBeLocal", "UnusedVariable"}) // held so that the memory is not freed
        private final MemorySegment memory;

        SegmentPointer(MemorySegment memory, long elements) {
            super((Pointer) null);
            this.memory = memory;
            this.address = memory.address();
            this.limit = elements;
            this.capacity = elements;
        }
    }
}
