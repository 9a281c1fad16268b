package replklab.model;

import replklab.base.LabException;

/** Weights of which nobody can tell whose they are, unless they are told the architecture. */
public final class UnknownNetworkException extends LabException {
    private static final long serialVersionUID = 1L;

    UnknownNetworkException(String message) {
        super(message);
    }
}
