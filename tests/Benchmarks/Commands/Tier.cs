using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>The instruction-set tier, and the processes in which it may be measured.</summary>
internal static class Tier
{
    public static string Name(Isa isa) => IsaSelection.Name(isa);

    /// <exception cref="UsageException">There is no such tier.</exception>
    public static Isa Parse(string? name) => name is null ? Default()
        : IsaSelection.All.Where(isa => Name(isa) == name).ToArray() is [Isa named] ? named
        : throw new UsageException($"--isa takes {IsaSelection.Choices}, not '{name}'.");

    /// <summary>
    /// Where AVX-512 is on, the JIT lends the lower tiers registers (16 to 31) that a machine of that tier does not have. Such
    /// a tier is therefore measured in a process that was told to do without.
    /// </summary>
    public static bool NeedsOtherProcess(Isa isa) => isa switch
    {
        Isa.Avx2 => Vector512.IsHardwareAccelerated,
        Isa.Vector128 => Avx2.IsSupported,
        _ => false,
    };

    /// <summary>The same command where the hardware looks as if it ended with the tier. The workers inherit it.</summary>
    public static int RunAgain(Isa isa, string[] arguments)
    {
        (string variable, string value) = isa == Isa.Avx2 ? ("DOTNET_EnableAVX512", "0") : ("DOTNET_EnableAVX2", "0");
        if (Environment.GetEnvironmentVariable(variable) == value)
        {
            throw new UsageException($"{variable}={value} is set, and yet the runtime uses more than {Name(isa)}.");
        }

        Console.Error.WriteLine($"{Name(isa)}: measured in a process with {variable}={value}.");
        (string fileName, var prefix) = WorkerProcess.Self();
        var start = new ProcessStartInfo(fileName, [.. prefix, .. arguments]);
        start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>An unoptimised assembly's kernels run at a tenth of their speed, whatever their attributes say.</summary>
    public static void WarnIfUnoptimised()
    {
        if (typeof(Tier).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            Console.Error.WriteLine("warning: this build is not optimised; its figures mean nothing.");
        }
    }

    private static Isa Default()
    {
        try
        {
            return IsaSelection.Default;
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
