package io.tidegate.processor.sink;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * The results of what a task has to deliver, one after the other, while the task goes on.
 *
 * @param <T> what has results
 * @param <R> a result
 */
public final class FlatMapIterator<T, R> implements Iterator<R> {

    private final Iterator<T> sources;
    private final Function<T, Iterator<? extends R>> results;
    private Iterator<? extends R> current = Collections.emptyIterator();

    /**
     * Of some sources.
     *
     * @param results called once for each, in order
     */
    public FlatMapIterator(Iterator<T> sources, Function<T, Iterator<? extends R>> results) {
        this.sources = sources;
        this.results = results;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && sources.hasNext()) {
            current = results.apply(sources.next());
        }
        return current.hasNext();
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more results");
        }
        return current.next();
    }
}
