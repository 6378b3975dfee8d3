using System;
using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Compiles kernels before they are called.</summary>
internal static class KernelCompilation
{
    /// <summary>
    /// Begins on another thread, if one can be had. A kernel that is called meanwhile is waited for by its caller, as
    /// the JIT compiles each once.
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
            // Whatever it is (there is no more memory, say), it must not end the process here: who calls the kernel comes upon it again.
        }
    }
}
