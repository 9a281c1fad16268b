package replklab.tensor.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A native library's view of somebody else's memory: a pointer that can be moved, so that none is made for each call. */
final class Address extends FloatPointer {
    Address() {
        super((Pointer) null);
    }

    Address at(long newAddress) {
        address = newAddress;
        return this;
    }
}
