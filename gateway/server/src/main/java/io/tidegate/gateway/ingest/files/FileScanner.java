package io.tidegate.gateway.ingest.files;

import java.util.List;
import java.util.stream.Stream;

/**
 * Finds what there is to read for a source of files. Called on threads that may wait for the disk; one call at a time, and
 * never while what the last look found is still being read.
 */
interface FileScanner extends AutoCloseable {

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
    record Look(List<BatchReader> found, List<String> troubles, boolean blind) {

        private static final int TOLD = 20;

        /** Of many troubles the first ones are told, and how many there are. */
        public Look {
            if (troubles.size() > TOLD) {
                String rest = "and " + (troubles.size() - TOLD) + " more";
                troubles = Stream.concat(troubles.stream().limit(TOLD), Stream.of(rest))
                        .toList();
            }
        }
    }
}
