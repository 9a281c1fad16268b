package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import replklab.base.NativeMemory;
import replklab.base.NativePiece;
import replklab.base.Reusable;
import replklab.base.Reusables;

/**
 * One kind of {@link Product} as oneDNN's compiled code, made once and run from any thread: executing it allocates nothing. All
 * that belongs to the library is given back with it.
 */
final class OneDnnMatmul extends Reusable {
    /** What compiled code and its descriptions take, about: 400 small products made 300 MB resident. */
    private static final long CODE_BYTES = 700 << 10;

    private static final Reusables<Product, OneDnnMatmul> COMPILED = new Reusables<>();

    private final OperandFormat format;
    private final memory.desc aLayout;
    private final memory.desc bLayout;
    private final memory.desc biasLayout;
    private final memory.desc cLayout;
    private final memory.desc scratchLayout;
    private final matmul primitive;
    private final dnnl_primitive handle;
    private final int residualArgument;
    private final ByteBuffer bLayoutKey;
    private final long scratchBytes;
    private final ArrayDeque<Execution> idle = new ArrayDeque<>();

    /** Weights in blocks. */
    static final class Blocks extends Reusable {
        private final NativePiece piece;
        private final long bytes;

        private Blocks(long bytes) {
            this.piece = NativeMemory.take(bytes, new AtomicLong());
            this.bytes = bytes;
        }

        MemorySegment memory() {
            return piece.memory();
        }

        @Override
        protected long bytes() {
            return bytes;
        }

        @Override
        protected void free() {
            piece.free();
        }
    }

    private OneDnnMatmul(Product p) {
        format = p.format();
        aLayout = layout(format, p.rows(), p.depth(), p.aWidth(), p.aTransposed());
        cLayout = layout(OperandFormat.FLOAT32, p.rows(), p.columns(), p.cWidth(), false);
        biasLayout = p.bias() ? layout(OperandFormat.FLOAT32, 1, p.columns(), p.columns(), false) : null;
        memory.desc b = p.bWidth() == Product.BLOCKED
                ? new memory.desc(new long[] {p.depth(), p.columns()}, type(format), memory.format_tag.any)
                : layout(format, p.depth(), p.columns(), p.bWidth(), p.bTransposed());
        try (post_ops after = new post_ops();
                primitive_attr attributes = new primitive_attr()) {
            if (p.accumulate()) {
                after.append_sum();
            }
            residualArgument = p.residual()
                    ? dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (after.len() + 1) | dnnl.DNNL_ARG_SRC_1
                    : 0;
            if (p.residual()) {
                after.append_binary(dnnl.dnnl_binary_add, cLayout);
            }
            attributes.set_scratchpad_mode(dnnl.dnnl_scratchpad_mode_user);
            attributes.set_post_ops(after);
            try (matmul.primitive_desc description = p.bias()
                    ? new matmul.primitive_desc(OneDnn.engine(), aLayout, b, biasLayout, cLayout, attributes, false)
                    : new matmul.primitive_desc(OneDnn.engine(), aLayout, b, cLayout, attributes, false)) {
                bLayout = description.weights_desc();
                scratchLayout = description.scratchpad_desc();
                primitive = new matmul(description);
            }
        } finally {
            b.close();
        }
        handle = primitive.get();
        scratchBytes = scratchLayout.get_size();
        try (BytePointer blob = bLayout.get_blob()) {
            byte[] bytes = new byte[Math.toIntExact(blob.limit())];
            blob.get(bytes);
            bLayoutKey = ByteBuffer.wrap(bytes);
        }
    }

    /** The compiled form of a product, to be closed after use. */
    static OneDnnMatmul of(Product product) {
        return COMPILED.use(product, OneDnnMatmul::new);
    }

    @Override
    protected long bytes() {
        return CODE_BYTES;
    }

    @Override
    protected void free() {
        synchronized (idle) {
            idle.forEach(Execution::close);
            idle.clear();
        }
        for (Pointer owned : new Pointer[] {primitive, aLayout, bLayout, biasLayout, cLayout, scratchLayout}) {
            if (owned != null) {
                owned.close();
            }
        }
    }

    private static memory.desc layout(OperandFormat format, long rows, long columns, long width, boolean transposed) {
        return new memory.desc(
                new long[] {rows, columns}, type(format), transposed ? new long[] {1, width} : new long[] {width, 1});
    }

    private static memory.data_type type(OperandFormat format) {
        return format == OperandFormat.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
    }

    /** The layout that {@link Product#BLOCKED} stands for: equal ones have equal keys. */
    ByteBuffer bLayoutKey() {
        return bLayoutKey;
    }

    /** {@code b}, as the product with that layout would take it, brought into blocks. */
    Blocks inBlocks(int depth, int columns, Matrix b) {
        Blocks blocks = new Blocks(bLayout.get_size());
        try (memory.desc plain = layout(b.format(), depth, columns, b.width(), b.transposed());
                Address from = new Address();
                Address to = new Address();
                memory source = new memory(plain, OneDnn.engine(), from.at(b.address()));
                memory target = new memory(
                        bLayout, OneDnn.engine(), to.at(blocks.memory().address()));
                reorder copy = new reorder(source, target);
                dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(2)) {
            arguments.position(0).arg(dnnl.DNNL_ARG_SRC).memory(source.get());
            arguments.position(1).arg(dnnl.DNNL_ARG_DST).memory(target.get());
            OneDnn.execute(copy.get(), 2, arguments.position(0));
        } finally {
            Reference.reachabilityFence(b.memory());
        }
        return blocks;
    }

    /**
     * Computes the product. Memory is given by a segment and the index of the first element; of what the product does not
     * have, nothing is read.
     */
    void run(
            MemorySegment a,
            long aAt,
            MemorySegment b,
            long bAt,
            MemorySegment bias,
            long biasAt,
            MemorySegment residual,
            long residualAt,
            MemorySegment c,
            long cAt) {
        Execution execution = borrow();
        try {
            execution.set(0, a, aAt * format.bytes());
            execution.set(1, b, bAt * format.bytes());
            execution.set(2, c, cAt * Float.BYTES);
            if (execution.bias > 0) {
                execution.set(execution.bias, bias, biasAt * Float.BYTES);
            }
            if (execution.residual > 0) {
                execution.set(execution.residual, residual, residualAt * Float.BYTES);
            }
            if (execution.scratch > 0) {
                execution.set(execution.scratch, ThreadScratch.library(scratchBytes), 0);
            }
            OneDnn.execute(handle, execution.count, execution.arguments);
        } finally {
            // The library sees addresses only: keep the memory from being collected under it.
            Reference.reachabilityFence(a);
            Reference.reachabilityFence(b);
            Reference.reachabilityFence(c);
            Reference.reachabilityFence(bias);
            Reference.reachabilityFence(residual);
            Reference.reachabilityFence(primitive);
            giveBack(execution);
        }
    }

    private Execution borrow() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return new Execution();
    }

    private void giveBack(Execution execution) {
        synchronized (idle) {
            idle.push(execution);
        }
    }

    /** The library's descriptions of one execution's memory; used by one thread at a time. */
    private final class Execution implements AutoCloseable {
        private final memory[] memories = new memory[6];
        private final Address[] addresses = new Address[6];
        private final dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(6);
        private final int bias;
        private final int residual;
        private final int scratch;
        private int count;

        Execution() {
            add(dnnl.DNNL_ARG_SRC, aLayout);
            add(dnnl.DNNL_ARG_WEIGHTS, bLayout);
            add(dnnl.DNNL_ARG_DST, cLayout);
            bias = biasLayout == null ? 0 : add(dnnl.DNNL_ARG_BIAS, biasLayout);
            residual = residualArgument == 0 ? 0 : add(residualArgument, cLayout);
            scratch = scratchBytes == 0 ? 0 : add(dnnl.DNNL_ARG_SCRATCHPAD, scratchLayout);
            arguments.position(0);
        }

        /** Without memory until {@link #set}. */
        private int add(int argument, memory.desc layout) {
            memories[count] = new memory(layout, OneDnn.engine(), (Pointer) null);
            addresses[count] = new Address();
            arguments.position(count).arg(argument).memory(memories[count].get());
            return count++;
        }

        @Override
        public void close() {
            arguments.close();
            for (int i = 0; i < count; i++) {
                memories[i].close();
            }
        }

        void set(int index, MemorySegment segment, long offset) {
            memories[index].set_data_handle(addresses[index].at(segment.address() + offset));
        }
    }
}
