using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Loader;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Benchmarks.Layers;

/// <summary>
/// A network of the zoo whose steps are timed. The generator writes it anew from the zoo's sources, in memory; a clock is read between the steps of
/// <c>InferSample</c> and <c>InferBlock</c>, and around those of <c>InferSampleStep</c> and <c>InferBatchStep</c>, of which the runtime says which one. All else, the
/// kernels above all, is compiled as it stands.
/// </summary>
internal sealed class TimedNetwork
{
    private static readonly string[] Programs = ["InferSample", "InferBlock"];
    private static readonly string[] Parts = ["InferSampleStep", "InferBatchStep"];

    private readonly Type _type;

    /// <param name="compilation">The network's sources.</param>
    /// <param name="className">The network's class.</param>
    /// <param name="isa">The tier whose steps are timed.</param>
    public TimedNetwork(CSharpCompilation compilation, string className, Isa isa)
    {
        Tier tier = Tier.All.Single(candidate => candidate.Name == isa.ToString());
        Families = tier.Families.Select(family => family.Name).ToList();
        TierPrograms programs = TierPrograms.Lower(ZooSources.GraphOf(compilation, className), tier, CancellationToken.None);
        Steps =
        [
            .. programs.Sample.Steps.Select(step => TimedStep.Of(Programs[0], step)),
            .. (programs.Block?.Steps ?? []).Select(step => TimedStep.Of(Programs[1], step)),
        ];
        Compilation generated = ZooSources.Generated(compilation);
        SyntaxTree plain = generated.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath).EndsWith($".{className}.{isa}.g.cs", StringComparison.Ordinal));
        var rewriter = new Rewriter(programs.Sample.Steps.Count);
        Compilation timed = generated.ReplaceSyntaxTree(plain, plain.WithRootAndOptions(rewriter.Visit(plain.GetRoot()), plain.Options));
        using var image = new MemoryStream();
        ZooSources.Emit(timed, image);
        StepClock.Prepare(Steps.Count);
        image.Position = 0;
        _type = new AssemblyLoadContext("timed").LoadFromStream(image).GetType("Zoo.Networks." + className, throwOnError: true)!;
    }

    /// <summary>The steps of one sample, and then those of a block of samples, if there is such a program.</summary>
    public IReadOnlyList<TimedStep> Steps { get; }

    /// <summary>The families of CPUs that the cost model knows in this tier.</summary>
    public IReadOnlyList<string> Families { get; }

    public CompiledNetwork Create(NetworkOptions options) => (CompiledNetwork)Activator.CreateInstance(_type, options)!;

    /// <summary>Puts the clock between the steps: behind each call, or behind the switch that makes the calls of a table.</summary>
    /// <param name="sampleSteps">Steps of one sample, behind which those of a block are counted.</param>
    private sealed class Rewriter(int sampleSteps) : CSharpSyntaxRewriter
    {
        private const string Clock = "global::Strata.Benchmarks.Layers.StepClock";

        private static readonly StatementSyntax Mark = SyntaxFactory.ParseStatement($"{Clock}.Mark();");

        private bool _isTable;

        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
        {
            if (Parts.Contains(node.Identifier.Text))
            {
                // Such a method does one step. Where it returns whether it did, the clock is read before.
                bool returns = node.ReturnType.ToString() == "bool";
                var body = (BlockSyntax)new ReturnMarker(Mark).Visit(node.Body!)!;
                StatementSyntax[] end = returns ? [] : [Mark];
                return node.WithBody(body.WithStatements([SyntaxFactory.ParseStatement($"{Clock}.Enter(step, first);"), .. body.Statements, .. end]));
            }

            if (!Programs.Contains(node.Identifier.Text))
            {
                return node;
            }

            _isTable = node.DescendantNodes().OfType<SwitchStatementSyntax>().Any();
            var timed = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
            string begin = node.Identifier.Text == Programs[0] ? $"{Clock}.Begin(0, 1);" : $"{Clock}.Begin({sampleSteps}, samples);";
            return timed.WithBody(timed.Body!.WithStatements(timed.Body.Statements.Insert(0, SyntaxFactory.ParseStatement(begin))));
        }

        public override SyntaxNode? VisitSwitchStatement(SwitchStatementSyntax node) => SyntaxFactory.Block(node, Mark);

        public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node) => _isTable ? node : SyntaxFactory.Block(node, Mark);
    }

    /// <summary>Puts the clock before each <c>return true</c>.</summary>
    private sealed class ReturnMarker(StatementSyntax mark) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) =>
            node.Expression.IsKind(SyntaxKind.TrueLiteralExpression) ? SyntaxFactory.Block(mark, node) : node;
    }
}
