package replklab.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import replklab.base.Shown;

/**
 * Unpickles what PyTorch saves, and nothing else: tensors, the storages they look at, numbers, strings and containers.
 *
 * <p>A pickle is a program for a small stack machine, which can name any function and have it called. This one knows the
 * instructions that PyTorch's files use and a handful of names, none of which does anything but keep its arguments; the rest
 * is refused. Nor can a pickle exhaust memory or time: each instruction makes at most one small object, strings are as long
 * as they are in the file, and only strings and numbers are keys (the hash of a container of containers takes forever).
 */
final class TensorUnpickler extends Unpickler {
    /**
     * Numbers in a file beside the pickle.
     *
     * @param type of the numbers
     * @param key names the entry that holds them
     * @param elements how many there are
     */
    record Storage(TensorType type, String key, long elements) {}

    /**
     * A tensor: a view of a storage.
     *
     * @param offset elements before the first
     * @param sizes of the axes
     * @param strides elements from one index of an axis to the next
     */
    record View(Storage storage, long offset, long[] sizes, long[] strides) {}

    /** A class of storages; as an object of a file it is only ever named. */
    private record StorageClass(TensorType type) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            throw new PickleException("a storage that lies in the pickle itself");
        }
    }

    private static final Map<String, IObjectConstructor> KNOWN = known();

    private TensorUnpickler(byte[] pickle) {
        input = new ByteArrayInputStream(pickle);
    }

    /**
     * The object that a pickle describes: maps, lists, arrays, {@link View}s, strings and numbers.
     *
     * @throws IOException if the pickle is cut off
     * @throws RuntimeException if it holds something else or makes no sense
     */
    static Object read(byte[] pickle) throws IOException {
        TensorUnpickler unpickler = new TensorUnpickler(pickle);
        return unpickler.load(unpickler.input);
    }

    private static Map<String, IObjectConstructor> known() {
        Map<String, IObjectConstructor> known = new HashMap<>();
        known.put("collections.OrderedDict", TensorUnpickler::dictionary);
        known.put("argparse.Namespace", TensorUnpickler::dictionary); // the arguments of a training
        known.put("torch.Size", arguments -> arguments.length == 1 ? arguments[0] : refuse("torch.Size"));
        known.put("torch._utils._rebuild_tensor", TensorUnpickler::tensor);
        known.put("torch._utils._rebuild_tensor_v2", TensorUnpickler::tensor);
        known.put("torch._utils._rebuild_parameter", TensorUnpickler::parameter);
        for (TensorType type : TensorType.values()) {
            known.put("torch." + type.storage(), new StorageClass(type));
        }
        return known;
    }

    private static Object refuse(String name) {
        throw new PickleException(name + " with arguments that it never has");
    }

    /** OrderedDict() or OrderedDict([[key, value], ...]). */
    private static Object dictionary(Object[] arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.length == 1 && arguments[0] instanceof List<?> pairs) {
            for (Object pair : pairs) {
                switch (pair) {
                    case Object[] two when two.length == 2 -> map.put(key(two[0]), two[1]);
                    case List<?> two when two.size() == 2 -> map.put(key(two.get(0)), two.get(1));
                    default -> refuse("OrderedDict");
                }
            }
        } else if (arguments.length != 0) {
            refuse("OrderedDict");
        }
        return map;
    }

    /** Storage, offset, sizes, strides; what follows says how the tensor was trained. */
    private static Object tensor(Object[] arguments) {
        if (arguments.length < 4
                || !(arguments[0] instanceof Storage storage)
                || !(arguments[1] instanceof Number offset)
                || !(arguments[2] instanceof Object[] sizes)
                || !(arguments[3] instanceof Object[] strides)) {
            return refuse("a tensor");
        }
        return new View(storage, offset.longValue(), longs(sizes), longs(strides));
    }

    private static long[] longs(Object[] numbers) {
        return Arrays.stream(numbers)
                .mapToLong(number -> ((Number) number).longValue())
                .toArray();
    }

    /** A trained tensor: the tensor, and whether it is still trained. */
    private static Object parameter(Object[] arguments) {
        return arguments.length > 0 && arguments[0] instanceof View view ? view : refuse("a parameter");
    }

    /** ('storage', class, key, device, elements). */
    @Override
    protected Object persistentLoad(Object id) {
        if (!(id instanceof Object[] parts)
                || parts.length != 5
                || !"storage".equals(parts[0])
                || !(parts[1] instanceof StorageClass of)
                || !(parts[2] instanceof String key)
                || !(parts[4] instanceof Number elements)) {
            throw new PickleException("something outside the pickle that is no storage");
        }
        return new Storage(of.type, key, elements.longValue());
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch (key) {
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1,
                    Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINUNICODE,
                    Opcodes.EMPTY_LIST,
                    Opcodes.APPEND,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE,
                    Opcodes.BINPERSID,
                    Opcodes.REDUCE,
                    Opcodes.NEWOBJ -> {
                return super.dispatch(key);
            }
            case Opcodes.BINUNICODE -> {
                requireLength();
                return super.dispatch(key);
            }
            case Opcodes.GLOBAL -> stack.add(named(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(named((String) stack.pop(), name));
            }
            // The library's own lose the order of a dictionary's entries, or take quadratic time.
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                put(Arrays.asList(stack.pop(), value)); // either may be null
            }
            case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
            case Opcodes.APPENDS -> append(stack.pop_all_since_marker());
            case Opcodes.BUILD -> build(stack.pop());
            default -> throw new PickleException("instruction " + key + ", which files of tensors do not have");
        }
        return NO_RETURN_VALUE;
    }

    /** Before a string is read: its length comes first, and memory is taken for it before it is read. */
    private void requireLength() throws IOException {
        input.mark(Integer.BYTES);
        long length = PickleUtils.bytes_to_uint(PickleUtils.readbytes(input, Integer.BYTES), 0);
        if (length > input.available()) {
            throw new IOException("it is cut off in a string of " + length + " bytes");
        }
        input.reset();
    }

    private static IObjectConstructor named(String module, String name) {
        String full = module + "." + name;
        IObjectConstructor found = KNOWN.get(full);
        if (found == null) {
            throw new PickleException("it names " + Shown.of(full) + "; only tensors of "
                    + Arrays.toString(TensorType.values()) + " and containers are let through");
        }
        return found;
    }

    private void put(List<?> keysAndValues) {
        @SuppressWarnings("unchecked") // maps are made here alone, with any keys and values
        Map<Object, Object> map = (Map<Object, Object>) stack.peek();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            map.put(key(keysAndValues.get(i)), keysAndValues.get(i + 1));
        }
    }

    private static Object key(Object key) {
        if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
            throw new PickleException("a dictionary whose keys are neither strings nor numbers");
        }
        return key;
    }

    private void append(List<Object> values) {
        @SuppressWarnings("unchecked") // lists are made by the library alone, of any values
        List<Object> list = (List<Object>) stack.peek();
        list.addAll(values);
    }

    /** An object's attributes: a Namespace's are what it holds, a dictionary's (PyTorch's _metadata) are left out. */
    private void build(Object attributes) {
        if (!(stack.peek() instanceof Map<?, ?>) || !(attributes instanceof Map<?, ?>)) {
            throw new PickleException("attributes for what is no dictionary");
        }
    }
}
