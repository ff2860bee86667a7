/** For tests only: where chance comes from, how long a test waits, and what becomes of a slow test that fails. */
@org.jspecify.annotations.NullMarked
package io.tidegate.junit;
