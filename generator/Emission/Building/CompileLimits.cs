using System;
using System.Globalization;
using System.Threading;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.CompilerServices;

namespace Strata;

/// <summary>What a network may cost that a stranger's file describes.</summary>
internal sealed class CompileLimits(string network, CompileOptions options)
{
    /// <summary>Counts the code of a program, from none on.</summary>
    public CodeLimit Code => new(network, options.MaxCodeSize);

    /// <summary>Compiles within the time that the options allow.</summary>
    /// <exception cref="NetworkException">It took longer, or the network is too large.</exception>
    public T WithinTime<T>(Func<CancellationToken, T> compile, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options.MaxCompileTime == TimeSpan.Zero)
        {
            // A timer would need a thread, and the pool may have none free.
            limited.Cancel();
        }
        else
        {
            limited.CancelAfter(options.MaxCompileTime);
        }

        try
        {
            return compile(limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NetworkException(string.Create(
                CultureInfo.InvariantCulture,
                $"{network} was not compiled within {options.MaxCompileTime.TotalSeconds:G4} s ")
                + $"({nameof(CompileOptions.MaxCompileTime)}).");
        }
        catch (NetworkTooLargeException exception)
        {
            throw new NetworkException(network, exception);
        }
    }

    /// <summary>The graph, if it has not too many layers.</summary>
    /// <exception cref="NetworkException">It has more than the options allow.</exception>
    public NetworkGraph Check(NetworkGraph graph)
    {
        CheckLayers(graph.Nodes.Count);
        return graph;
    }

    /// <summary>Refuses a network from a cache that has too many layers.</summary>
    /// <exception cref="NetworkException">It has more than the options allow.</exception>
    public void Check(NetworkInfo info) => CheckLayers(info.Inputs.Count + info.Layers.Count);

    /// <summary>The program, if neither its code nor its memory is too large.</summary>
    /// <exception cref="NetworkException">It needs more than the options allow.</exception>
    public NetworkProgram Check(NetworkProgram program)
    {
        if (program is AssemblyProgram emitted)
        {
            Code.Check(emitted.CodeLength);
        }

        long floats = (long)program.ParametersLength + program.SampleArenaLength + program.ScratchLength + program.BlockArenaLength
            + program.ObservationArenaLength;
        return floats * sizeof(float) <= options.MaxMemory ? program
            : throw new NetworkException(string.Create(CultureInfo.InvariantCulture,
                $"{network} needs {floats * sizeof(float):N0} bytes for its parameters and one call of a thread; {options.MaxMemory:N0} ")
                + $"are allowed ({nameof(CompileOptions.MaxMemory)}).");
    }

    private void CheckLayers(int count)
    {
        if (count > options.MaxLayers)
        {
            throw new NetworkException(string.Create(CultureInfo.InvariantCulture,
                $"{network} has {count:N0} layers; {options.MaxLayers:N0} are allowed ({nameof(CompileOptions.MaxLayers)})."));
        }
    }
}
