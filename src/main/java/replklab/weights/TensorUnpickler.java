package replklab.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Unpickles what PyTorch saves: tensors, the storages they look at, numbers, strings and containers. Whatever else a file
 * names, such as NumPy's numbers or a logger's history, is a {@link Foreign} object: it is not looked up, let alone called, and
 * what it is made of is forgotten.
 *
 * <p>A pickle is a program for a small stack machine, which can name any function and have it called. This one knows a handful
 * of names, none of which does anything but keep its arguments. Nor can a pickle exhaust memory or time: each instruction
 * makes at most one small object, strings are as long as they are in the file, and only strings and numbers are keys (the hash
 * of a container of containers takes forever).
 */
final class TensorUnpickler extends Unpickler {
    /**
     * Numbers in a file beside the pickle.
     *
     * @param type of the numbers; none for one that no weights have
     * @param typeName PyTorch's name of it
     * @param key names the entry that holds them
     * @param elements how many there are
     */
    record Storage(Optional<TensorType> type, String typeName, String key, long elements) {}

    /**
     * A tensor: a view of a storage.
     *
     * @param offset elements before the first
     * @param sizes of the axes
     * @param strides elements from one index of an axis to the next
     */
    record View(Storage storage, long offset, long[] sizes, long[] strides) {}

    /** Something of a class that is not known here, or the class itself: calling it gives another such thing. */
    record Foreign(String name) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            return this;
        }
    }

    /** A class of storages; as an object of a file it is only ever named. */
    private record StorageClass(Optional<TensorType> type, String name) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            return new Foreign(name);
        }
    }

    private static final Pattern STORAGE = Pattern.compile("torch(?:\\.storage)?\\.(\\w*Storage)");
    private static final Map<String, IObjectConstructor> KNOWN = known();

    private TensorUnpickler(byte[] pickle) {
        input = new ByteArrayInputStream(pickle);
    }

    /**
     * The object that a pickle describes: maps, lists, arrays, {@link View}s, {@link Foreign} things, strings and numbers.
     *
     * @throws IOException if the pickle is cut off
     * @throws RuntimeException if it makes no sense
     */
    static Object read(byte[] pickle) throws IOException {
        TensorUnpickler unpickler = new TensorUnpickler(pickle);
        return unpickler.load(unpickler.input);
    }

    private static Map<String, IObjectConstructor> known() {
        Map<String, IObjectConstructor> known = new HashMap<>();
        known.put("collections.OrderedDict", TensorUnpickler::dictionary);
        known.put("collections.defaultdict", arguments -> new LinkedHashMap<>());
        known.put("torch.Size", arguments -> arguments.length == 1 ? arguments[0] : new Foreign("torch.Size"));
        known.put("torch._utils._rebuild_tensor", TensorUnpickler::tensor);
        known.put("torch._utils._rebuild_tensor_v2", TensorUnpickler::tensor);
        known.put("torch._utils._rebuild_parameter", TensorUnpickler::first);
        known.put("torch._utils._rebuild_parameter_with_state", TensorUnpickler::first);
        known.put("torch._tensor._rebuild_from_type_v2", TensorUnpickler::typed);
        return known;
    }

    /** OrderedDict() or OrderedDict([[key, value], ...]). */
    private static Object dictionary(Object[] arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.length == 1 && arguments[0] instanceof List<?> pairs) {
            for (Object pair : pairs) {
                switch (pair) {
                    case Object[] two when two.length == 2 -> put(map, two[0], two[1]);
                    case List<?> two when two.size() == 2 -> put(map, two.get(0), two.get(1));
                    case null, default -> throw new PickleException("an OrderedDict of what are no pairs");
                }
            }
        } else if (arguments.length != 0) {
            throw new PickleException("an OrderedDict with arguments that it never has");
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
            throw new PickleException("a tensor with arguments that it never has");
        }
        return new View(storage, offset.longValue(), longs(sizes), longs(strides));
    }

    private static long[] longs(Object[] numbers) {
        return Arrays.stream(numbers)
                .mapToLong(number -> ((Number) number).longValue())
                .toArray();
    }

    /** A trained tensor: the tensor, and whether it is still trained. */
    private static Object first(Object[] arguments) {
        return arguments.length > 0 && arguments[0] instanceof View view ? view : new Foreign("a parameter");
    }

    /** A tensor of a class that somebody derived, or with attributes: how to make the tensor, the class, the arguments. */
    private static Object typed(Object[] arguments) {
        return arguments.length >= 3
                        && arguments[0] instanceof IObjectConstructor maker
                        && arguments[2] instanceof Object[] inner
                ? maker.construct(inner)
                : new Foreign("a tensor's class");
    }

    /** ('storage', class, key, device, elements); scripts of old also kept their source so. */
    @Override
    protected Object persistentLoad(Object id) {
        if (id instanceof Object[] parts
                && parts.length == 5
                && "storage".equals(parts[0])
                && parts[1] instanceof StorageClass of
                && parts[2] instanceof String key
                && parts[4] instanceof Number elements) {
            return new Storage(of.type, of.name, key, elements.longValue());
        }
        return new Foreign("something outside the pickle");
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch (key) {
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.POP,
                    Opcodes.POP_MARK,
                    Opcodes.DUP,
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
                    Opcodes.BINPERSID -> {
                return super.dispatch(key);
            }
            case Opcodes.BINUNICODE -> stack.add(text(length(Integer.BYTES), StandardCharsets.UTF_8));
            case Opcodes.BINUNICODE8 -> stack.add(text(length(Long.BYTES), StandardCharsets.UTF_8));
            case Opcodes.BINSTRING -> stack.add(text(length(Integer.BYTES), StandardCharsets.ISO_8859_1));
            case Opcodes.SHORT_BINSTRING -> stack.add(text(length(Byte.BYTES), StandardCharsets.ISO_8859_1));
            case Opcodes.SHORT_BINBYTES -> pass(length(Byte.BYTES), "bytes");
            case Opcodes.BINBYTES -> pass(length(Integer.BYTES), "bytes");
            case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> pass(length(Long.BYTES), "bytes");
            case Opcodes.LONG4 -> pass(length(Integer.BYTES), "a large number");
            case Opcodes.GLOBAL -> stack.add(named(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(named((String) stack.pop(), name));
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object arguments = stack.pop();
                stack.add(called(stack.pop(), arguments));
            }
            case Opcodes.NEWOBJ_EX -> {
                stack.pop(); // arguments by name
                Object arguments = stack.pop();
                stack.add(called(stack.pop(), arguments));
            }
            // The library's own lose the order of a dictionary's entries, or take quadratic time.
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                set(Arrays.asList(stack.pop(), value)); // either may be null
            }
            case Opcodes.SETITEMS -> set(stack.pop_all_since_marker());
            case Opcodes.APPEND -> add(Arrays.asList(stack.pop()));
            case Opcodes.APPENDS -> add(stack.pop_all_since_marker());
            case Opcodes.EMPTY_SET -> stack.add(new Foreign("a set"));
            case Opcodes.ADDITEMS -> stack.pop_all_since_marker();
            case Opcodes.FROZENSET -> {
                stack.pop_all_since_marker();
                stack.add(new Foreign("a set"));
            }
            case Opcodes.BUILD -> stack.pop(); // attributes: a dictionary's (PyTorch's _metadata) and strangers' alike
            default -> throw new PickleException("instruction " + key + ", which files of tensors do not have");
        }
        return NO_RETURN_VALUE;
    }

    /** A length that comes before what is so long: memory is taken for it, so there must be as much. */
    private int length(int bytes) throws IOException {
        byte[] little = PickleUtils.readbytes(input, bytes);
        long length = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            length = (length << Byte.SIZE) | (little[i] & 0xff);
        }
        if (length < 0 || length > input.available()) {
            throw new IOException("it is cut off in a string of " + Long.toUnsignedString(length) + " bytes");
        }
        return (int) length;
    }

    private String text(int length, Charset charset) throws IOException {
        return new String(input.readNBytes(length), charset);
    }

    private void pass(int length, String what) throws IOException {
        input.skipNBytes(length);
        stack.add(new Foreign(what));
    }

    private static IObjectConstructor named(String module, String name) {
        String full = module + "." + name;
        Matcher storage = STORAGE.matcher(full);
        if (storage.matches()) {
            return new StorageClass(TensorType.ofStorage(storage.group(1)), storage.group(1));
        }
        IObjectConstructor found = KNOWN.get(full);
        return found == null ? new Foreign(full) : found;
    }

    private static Object called(Object maker, Object arguments) {
        return maker instanceof IObjectConstructor known && arguments instanceof Object[] array
                ? known.construct(array)
                : new Foreign("something called");
    }

    private void set(List<?> keysAndValues) {
        if (stack.peek() instanceof Foreign) {
            return;
        }
        @SuppressWarnings("unchecked") // maps are made here alone, with any keys and values
        Map<Object, Object> map = (Map<Object, Object>) stack.peek();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            put(map, keysAndValues.get(i), keysAndValues.get(i + 1));
        }
    }

    /** Entries under any other key are left away: weights have names. */
    private static void put(Map<Object, Object> map, Object key, Object value) {
        if (key instanceof String || key instanceof Number || key instanceof Boolean) {
            map.put(key, value);
        }
    }

    private void add(List<?> values) {
        if (stack.peek() instanceof Foreign) {
            return;
        }
        @SuppressWarnings("unchecked") // lists are made by the library alone, of any values
        List<Object> list = (List<Object>) stack.peek();
        list.addAll(values);
    }
}
