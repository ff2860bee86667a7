package io.tidegate.gateway.files;

import java.util.List;

/**
 * What a source of files has its eyes on. Called on threads that may wait for the disk; one call at a time, and never while
 * what the last look found is still being read.
 */
interface Watch extends AutoCloseable {

    /** Looks for what there is to read. Never throws because of files: what is wrong is told as trouble. */
    Look look();

    /** Lets go of open files. */
    @Override
    void close();

    /**
     * What a look found.
     *
     * @param found to be read in this order
     * @param troubles what needs a person, sentences
     * @param blind whether something can't be looked at, so that lines may be waiting there
     */
    record Look(List<Reading> found, List<String> troubles, boolean blind) {}
}
