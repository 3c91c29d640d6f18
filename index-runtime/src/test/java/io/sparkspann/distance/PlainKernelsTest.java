package io.sparkspann.distance;

class PlainKernelsTest extends KernelsContract {
    @Override
    Kernels kernels() {
        return new PlainKernels();
    }
}
