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
public static partial class NetworkCompiler
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
    /// <param name="at">The network for other extents of its inputs; null if nothing else than the inputs differs.</param>
    /// <exception cref="NetworkException">The network breaks a rule.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="IsSupported"/>).</exception>
    internal static CompiledNetwork Compile(
        NetworkDeclaration declaration, CompileOptions compile, NetworkOptions options, Action<CompiledNetwork>? initialize = null,
        Func<int[], NetworkDeclaration>? at = null, CancellationToken cancellationToken = default)
    {
        if (!IsSupported)
        {
            GraphOf(declaration, cancellationToken);
            throw new PlatformNotSupportedException(
                $"{declaration.Name} cannot be compiled: this process makes no code at run time (NativeAOT, or an interpreter). Declare "
                + "the network as a [Network] class, which is compiled at build time, or save it where code can be made "
                + $"({nameof(SaveAssembly)}) and reference the file.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(compile.MaxSizes, 1);
        BuiltNetwork network = new CompileLimits(declaration.Name, compile).WithinTime(
            token =>
            {
                (NetworkInfo info, Func<Isa, NetworkProgram> program) = CodeOf(declaration, compile, options.Isa, token);
                return new BuiltNetwork(info, program, options, initialize) { Declaration = new(declaration), Trains = compile.Trains };
            },
            cancellationToken);
        network.HaveSizes(compile, options, at ?? (extents => SizedNetwork.Resize(declaration, extents)));
        return network;
    }

    /// <summary>What a network tells about itself, and its program for a tier.</summary>
    private static (NetworkInfo Info, Func<Isa, NetworkProgram> Program) CodeOf(
        NetworkDeclaration declaration, CompileOptions compile, Isa? isa, CancellationToken cancellationToken)
    {
        var limits = new CompileLimits(declaration.Name, compile);
        if (compile.CacheFolder is not null)
        {
            (NetworkInfo info, Func<Isa, NetworkProgram> program) = CachedCodeOf(declaration, compile, limits, isa, cancellationToken);
            return (info, one => limits.Check(program(one)));
        }

        NetworkGraph graph = limits.Check(GraphOf(declaration, cancellationToken));
        return (RuntimeInfo.Create(declaration.Name, graph), one => limits.Check(EmittedProgram.Create(
            graph, TierOf(one), compile.Trains, limits.Code, cancellationToken)));
    }

    /// <summary>The compiler's tier for a tier of the runtime.</summary>
    internal static Tier TierOf(Isa isa) => Tier.All.Single(tier => tier.Name == isa.ToString());

    /// <summary>A network whose programs were made at run time.</summary>
    private sealed class BuiltNetwork(
        NetworkInfo info, Func<Isa, NetworkProgram> program, NetworkOptions options, Action<CompiledNetwork>? initialize = null,
        NetworkSizes? sizes = null)
        : CompiledNetwork(info, program, options, initialize, sizes)
    {
        /// <summary>What was compiled; null if the network was loaded from an assembly.</summary>
        public Lazy<NetworkDeclaration>? Declaration { get; init; }

        public bool Trains { get; init; }

        /// <summary>Lets the network be had at other sizes, which are compiled when they are first asked for.</summary>
        public void HaveSizes(CompileOptions compile, NetworkOptions options, Func<int[], NetworkDeclaration> at)
        {
            var rule = new SizeRule(Info, compile.SizeMultiple, compile.Sizes);
            NetworkOptions ofSizes = options with { Isa = Isa, Weights = null, WeightsStream = null };
            AllSizes = new NetworkSizes(this, rule, compile.MaxSizes, (sizes, extents) =>
            {
                NetworkDeclaration sized = at(extents) with { Name = $"{Info.Name} at {InputSize.Text(extents)}" };
                return new CompileLimits(sized.Name, compile).WithinTime(
                    token =>
                    {
                        (NetworkInfo info, Func<Isa, NetworkProgram> program) = CodeOf(sized, compile, Isa, token);
                        if (SizedNetwork.Mismatch(new SizedInfo(Info), new SizedInfo(info)) is { } reason)
                        {
                            throw new NetworkException(
                                $"{Info.Name} has one size, {InputSize.Text(new InputSize(Info).Extents)}, because {reason}");
                        }

                        return new BuiltNetwork(info with { Name = Info.Name }, program, ofSizes, initialize: null, sizes)
                        {
                            Declaration = new(sized),
                            Trains = Trains,
                        };
                    },
                    CancellationToken.None);
            });
        }
    }
}
