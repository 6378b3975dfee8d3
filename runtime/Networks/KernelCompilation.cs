using System;
using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Compiles kernels before they are called.</summary>
internal static class KernelCompilation
{
    /// <summary>
    /// Begins on another thread, if the system gives one. Who calls a kernel meanwhile waits for it: the JIT compiles each kernel once.
    /// </summary>
    public static void Begin(NetworkProgram program) => BackgroundThread.TryStart("Strata kernels", () => Compile(program));

    private static void Compile(NetworkProgram program)
    {
        try
        {
            foreach (Delegate kernel in program.Kernels())
            {
                RuntimeHelpers.PrepareDelegate(kernel);
            }
        }
        catch (Exception)
        {
            // An exception, such as one of memory, must not end the process here. The caller of the kernel will get it again.
        }
    }
}
