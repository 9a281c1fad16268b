package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.wave;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import replklab.base.UsageException;
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.Reduction.Sum;

/** Arrays go to tensors and back over the same memory where that is possible, over a copy elsewhere. */
class NdArraysTest {
    @Test
    void aTensorOverAnArraySharesItsMemory() {
        INDArray array = counting(24).reshape(2, 3, 4);
        Tensor tensor = Tensor.of(array);
        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3, 4));
        assertThat(tensor.toArray()).startsWith(0, 1, 2, 3).endsWith(22, 23);
        array.putScalar(new int[] {0, 1, 2}, 100);
        assertThat(tensor.toArray()[6]).isEqualTo(100);
        Backend.run(new Fill(tensor, 7));
        assertThat(array.minNumber().floatValue()).isEqualTo(7);
        assertThat(array.maxNumber().floatValue()).isEqualTo(7);
    }

    @Test
    void aSliceSharesItsMemoryAtItsOffset() {
        INDArray array = counting(24).reshape(4, 6);
        INDArray rows = array.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all());
        Tensor tensor = Tensor.of(rows);
        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 6));
        assertThat(tensor.toArray()).containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
        Backend.run(new Fill(tensor, -1));
        assertThat(array.getFloat(0, 5)).isEqualTo(5);
        assertThat(array.getFloat(1, 0)).isEqualTo(-1);
        assertThat(array.getFloat(2, 5)).isEqualTo(-1);
        assertThat(array.getFloat(3, 0)).isEqualTo(18);
        array.putScalar(1, 1, 50);
        assertThat(tensor.toArray()[1]).isEqualTo(50);
    }

    @Test
    void aSliceOfASliceStartsWhereItDoes() {
        INDArray array = counting(60).reshape(5, 4, 3);
        INDArray inner = array.get(NDArrayIndex.interval(2, 5)).tensorAlongDimension(1, 1, 2);
        Tensor tensor = Tensor.of(inner);
        assertThat(tensor.toArray()).containsExactly(36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47);
        Backend.run(new Fill(tensor, -1));
        assertThat(array.getFloat(3, 0, 0)).isEqualTo(-1);
        // The only row of a matrix calls itself 'f'-ordered; its memory is shared all the same.
        INDArray row = counting(4).reshape(1, 4).slice(0);
        Backend.run(new Fill(Tensor.of(row), -2));
        assertThat(row.maxNumber().floatValue()).isEqualTo(-2);
    }

    @Test
    void otherOrdersAndTypesAreCopied() {
        INDArray rowMajor = counting(6).reshape(2, 3);
        INDArray[] others = {
            rowMajor.dup('f'),
            rowMajor.castTo(DataType.DOUBLE),
            rowMajor.castTo(DataType.INT32),
            counting(12).reshape(2, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 3)),
            rowMajor.transpose(),
        };
        float[][] expected = {
            {0, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 4, 5}, {0, 1, 2, 6, 7, 8}, {0, 3, 1, 4, 2, 5}
        };
        for (int i = 0; i < others.length; i++) {
            Tensor tensor = Tensor.of(others[i]);
            assertThat(tensor.toArray()).containsExactly(expected[i]);
            assertThat(tensor.shape().toLongArray()).containsExactly(others[i].shape());
            others[i].assign(99);
            assertThat(tensor.toArray()).containsExactly(expected[i]);
        }
    }

    @Test
    void anArrayOverATensorSharesItsMemory() {
        Tensor tensor = wave(0.7, 2, 3, 4);
        INDArray array = tensor.toNd4j();
        assertThat(array.shape()).containsExactly(2, 3, 4);
        assertThat(array.ordering()).isEqualTo('c');
        assertThat(array.dup().data().asFloat()).containsExactly(tensor.toArray());
        array.addi(1);
        assertThat(tensor.toArray()[0]).isEqualTo(1);
        Backend.run(new Fill(tensor, 3));
        assertThat(array.sumNumber().doubleValue()).isEqualTo(72);
        assertThat(array.reshape(6, 4).mmul(Nd4j.ones(4, 2)).getFloat(5, 1)).isEqualTo(12);
        // There and back again, it is still the same memory.
        Backend.run(new Fill(Tensor.of(array), 5));
        assertThat(tensor.toArray()).containsOnly(5);
    }

    @Test
    void scalarsAndRowsKeepTheirShape() {
        assertThat(Tensor.of(Nd4j.scalar(2.5f)).item()).isEqualTo(2.5f);
        assertThat(Tensor.of(Nd4j.scalar(2.5f)).shape()).isEqualTo(Shape.SCALAR);
        assertThat(Tensor.full(4).toNd4j().rank()).isZero();
        assertThat(Tensor.full(4, 3).toNd4j().shape()).containsExactly(3);
        assertThat(Tensor.full(4, 1, 3).toNd4j().shape()).containsExactly(1, 3);
        assertThat(Tensor.of(Nd4j.createFromArray(1f, 2f, 3f)).toArray()).containsExactly(1, 2, 3);
    }

    /** ND4J itself makes empty arrays where one would not expect them. */
    @Test
    void anEmptyArrayIsRefused() {
        INDArray slice = counting(60).reshape(5, 4, 3).get(NDArrayIndex.interval(2, 5));
        assertThatThrownBy(() -> Tensor.of(slice.slice(1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("empty ND4J array")
                .hasMessageContaining("dup()");
        assertThatThrownBy(() -> Tensor.of(Nd4j.empty(DataType.FLOAT))).isInstanceOf(UsageException.class);
    }

    @Test
    void aTensorOfATapeGivesACopy() {
        INDArray array;
        try (Tape _ = Tape.inference()) {
            array = Tensor.full(2, 100).toNd4j();
        }
        try (Tape _ = Tape.inference()) {
            Tensor.full(3, 100);
        }
        assertThat(array.sumNumber().doubleValue()).isEqualTo(200);
    }

    @Test
    void memoryLivesAsLongAsWhoLooksAtIt() throws InterruptedException {
        int elements = 40_000;
        INDArray[] arrays = new INDArray[20];
        Tensor[] tensors = new Tensor[20];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = Tensor.full(i, elements).toNd4j();
            tensors[i] = Tensor.of(Nd4j.valueArrayOf(new long[] {elements}, (double) i, DataType.FLOAT));
        }
        for (int round = 0; round < 2; round++) {
            System.gc();
            Thread.sleep(30);
            // Memory that was freed would be handed out here and overwritten.
            for (int i = 0; i < 10; i++) {
                Tensor.full(-1, elements);
                Nd4j.valueArrayOf(new long[] {elements}, -1.0, DataType.FLOAT);
            }
        }
        for (int i = 0; i < arrays.length; i++) {
            assertThat(Backend.reduce(new Sum(Tensor.of(arrays[i])))).isEqualTo((double) i * elements);
            assertThat(Backend.reduce(new Sum(tensors[i]))).isEqualTo((double) i * elements);
        }
    }

    private static INDArray counting(int elements) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = i;
        }
        return Nd4j.createFromArray(values);
    }
}
