using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Compiles networks that are known at run time only: their kernels become IL, and the JIT makes machine code of it.</summary>
public static class NetworkCompiler
{
    /// <summary>
    /// Whether networks can be compiled here. They cannot where no code can be made at run time: with NativeAOT, on iOS, in a browser that
    /// interprets.
    /// </summary>
    public static bool IsSupported => RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>The graph of a declaration.</summary>
    /// <exception cref="NetworkException">The network breaks a rule.</exception>
    internal static NetworkGraph GraphOf(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        using Cancellation.Scope scope = Cancellation.Begin(cancellationToken);
        NetworkModel model = GraphBuilder.Build(declaration, cancellationToken);
        Problem[] errors = [.. model.Problems.Where(problem => problem.IsError)];
        return errors.Length == 0 ? model.Graph! : throw new NetworkException(declaration.Name, errors);
    }

    /// <summary>Compiles a network for the tier that the options choose.</summary>
    /// <param name="initialize">Gives the parameters their values; null to draw initial ones. Weights of the options go first.</param>
    /// <exception cref="NetworkException">The network breaks a rule.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="IsSupported"/>).</exception>
    internal static CompiledNetwork Compile(
        NetworkDeclaration declaration, CompileOptions compile, NetworkOptions options, Action<CompiledNetwork>? initialize = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(compile.MaxSizes, 1);
        NetworkGraph graph = GraphOf(declaration, cancellationToken);
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException(
                $"{declaration.Name} cannot be compiled: this process makes no code at run time (NativeAOT, or an interpreter). Declare the "
                + "network as a [Network] class, which is compiled at build time.");
        }

        var network = new BuiltNetwork(
            RuntimeInfo.Create(declaration.Name, graph), ProgramOf(graph, compile, cancellationToken), options, initialize);
        try
        {
            network.HaveSizes(declaration, compile, options);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static Func<Isa, NetworkProgram> ProgramOf(
        NetworkGraph graph, CompileOptions compile, CancellationToken cancellationToken) => isa => EmittedProgram.Create(
        graph, Tier.All.Single(tier => tier.Name == isa.ToString()), compile.Trains, cancellationToken);

    /// <summary>A network whose programs were made at run time.</summary>
    private sealed class BuiltNetwork(
        NetworkInfo info, Func<Isa, NetworkProgram> program, NetworkOptions options, Action<CompiledNetwork>? initialize,
        NetworkSizes? sizes = null)
        : CompiledNetwork(info, program, options, initialize, sizes)
    {
        /// <summary>Lets the network be had at other sizes, which are compiled when they are first asked for.</summary>
        public void HaveSizes(NetworkDeclaration declaration, CompileOptions compile, NetworkOptions options)
        {
            NetworkOptions ofSizes = options with { Isa = Isa, Weights = null, WeightsStream = null };
            Sizes = new NetworkSizes(
                this, new SizeRule(Info, compile.SizeMultiple, compile.Sizes), compile.MaxSizes,
                (sizes, extents) =>
                {
                    (NetworkInfo info, NetworkGraph graph) = SizedNetwork.Create(declaration, Info, extents);
                    return new BuiltNetwork(info, ProgramOf(graph, compile, CancellationToken.None), ofSizes, initialize: null, sizes);
                });
        }
    }
}
