package io.sparkspann.search;

import java.util.function.Consumer;

/**
 * Calls a target by one thread at a time, and no more once it has failed: what it threw is then
 * thrown to whoever calls.
 */
final class InTurn implements Consumer<FoundVectors> {
    private final Consumer<FoundVectors> target;
    private RuntimeException exception;
    private Error error;

    InTurn(Consumer<FoundVectors> target) {
        this.target = target;
    }

    @Override
    public synchronized void accept(FoundVectors found) {
        if (exception != null) {
            throw exception;
        }
        if (error != null) {
            throw error;
        }
        try {
            target.accept(found);
        } catch (RuntimeException e) {
            exception = e;
            throw e;
        } catch (Error e) {
            error = e;
            throw e;
        }
    }
}
