/** Which device behaves differently: a model of all of them, trained on the past and applied to what comes. */
package example;
