package replklab.nn;

import replklab.tensor.ChannelsFirst;
import replklab.tensor.Shape;

/**
 * How a weight lies in files, as everybody writes them (channels first), and how it lies in memory here (channels last).
 */
public enum WeightLayout {
    /** The same in both. */
    PLAIN {
        @Override
        public Shape fileShape(Shape memory) {
            return memory;
        }

        @Override
        public float[] toFile(float[] values, Shape memory) {
            return values;
        }

        @Override
        public float[] fromFile(float[] values, Shape memory) {
            return values;
        }
    },
    /** (out, in) here, (out, in, 1, 1) in files. */
    POINTWISE {
        @Override
        public Shape fileShape(Shape memory) {
            return Shape.of(memory.size(0), memory.size(1), 1, 1);
        }

        @Override
        public float[] toFile(float[] values, Shape memory) {
            return values;
        }

        @Override
        public float[] fromFile(float[] values, Shape memory) {
            return values;
        }
    },
    /** (kernel, kernel, channels) here, (channels, 1, kernel, kernel) in files. */
    DEPTHWISE {
        @Override
        public Shape fileShape(Shape memory) {
            return Shape.of(memory.size(2), 1, memory.size(0), memory.size(1));
        }

        @Override
        public float[] toFile(float[] values, Shape memory) {
            return ChannelsFirst.swapped(values, 1, memory.size(0) * memory.size(1), memory.size(2));
        }

        @Override
        public float[] fromFile(float[] values, Shape memory) {
            return ChannelsFirst.swapped(values, 1, memory.size(2), memory.size(0) * memory.size(1));
        }
    },
    /** (out, kernel, kernel, in) here, (out, in, kernel, kernel) in files. */
    CONVOLUTION {
        @Override
        public Shape fileShape(Shape memory) {
            return ChannelsFirst.shape(memory);
        }

        @Override
        public float[] toFile(float[] values, Shape memory) {
            return ChannelsFirst.swapped(values, memory.size(0), memory.size(1) * memory.size(2), memory.size(3));
        }

        @Override
        public float[] fromFile(float[] values, Shape memory) {
            return ChannelsFirst.swapped(values, memory.size(0), memory.size(3), memory.size(1) * memory.size(2));
        }
    };

    /** The shape in a file of a weight of shape {@code memory} here. */
    public abstract Shape fileShape(Shape memory);

    /** The values in a file's order; {@code memory} is the shape here. */
    public abstract float[] toFile(float[] values, Shape memory);

    /** The values in our order; {@code memory} is the shape here. */
    public abstract float[] fromFile(float[] values, Shape memory);
}
