using System;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Compiles kernels before they are called.</summary>
internal static class KernelCompilation
{
    /// <summary>
    /// Compiles the kernels on another thread. If the system cannot create a thread, each kernel is compiled at its first call. A call of a
    /// kernel that is being compiled waits for it: the JIT compiles each kernel once.
    /// </summary>
    public static void Begin(NetworkProgram program) => BackgroundThread.TryStart("Strata kernels", () => Compile(program));

    private static void Compile(NetworkProgram program)
    {
        try
        {
            program.CompileKernels();
        }
        catch (Exception)
        {
            // An exception, such as OutOfMemoryException, must not end the process here. The first call of the kernel throws it again.
        }
    }
}
