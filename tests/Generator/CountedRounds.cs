using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using Strata.Compiler.Foundation;

namespace Strata.Generator.Tests;

/// <summary>
/// Counts the generator's rounds between two checks of a cancellation token. What is counted is put into the compiled assembly, so that
/// no loop can be forgotten: each jump back, and each entry of a lambda, which a query calls in each of its rounds, and of a method
/// that calls itself.
/// </summary>
public static class CountedRounds
{
    private const string Check = nameof(CancellationToken.ThrowIfCancellationRequested);

    [ThreadStatic]
    private static int _rounds;

    [ThreadStatic]
    private static int _reported;

    private static int _most;

    /// <summary>The most rounds that lay between two checks so far, and where a stretch of them reached the limit.</summary>
    public static (int Most, IReadOnlyCollection<string> Places) Result => (_most, Places);

    private static HashSet<string> Places { get; } = [];

    private static int Limit { get; set; }

    /// <summary>The generator and the analyzer, counted.</summary>
    public static (IIncrementalGenerator Generator, DiagnosticAnalyzer Analyzer) Load()
    {
        Assembly assembly = new Counted(typeof(Cancellation).Assembly, typeof(StrataGenerator).Assembly)
            .Assemblies.Single(one => one.GetName().Name == typeof(StrataGenerator).Assembly.GetName().Name);
        return ((IIncrementalGenerator)Activator.CreateInstance(assembly.GetType(typeof(StrataGenerator).FullName!)!)!,
            (DiagnosticAnalyzer)Activator.CreateInstance(assembly.GetType(typeof(NetworkAnalyzer).FullName!)!)!);
    }

    public static void Begin(int limit)
    {
        (Limit, _rounds, _reported, _most) = (limit, 0, 0, 0);
        Places.Clear();
    }

    /// <summary>Called in each round.</summary>
    public static void Round()
    {
        if (++_rounds > _reported && _rounds > Limit)
        {
            // Twice as many for the next report of the same stretch.
            _reported = 2 * _rounds;
            lock (Places)
            {
                Places.Add(string.Join(" < ", new StackTrace(1).GetFrames().Select(frame => frame.GetMethod())
                    .Where(method => method?.DeclaringType?.FullName?.StartsWith("Strata.", StringComparison.Ordinal) == true)
                    .Take(5).Select(method => $"{method!.DeclaringType!.Name}.{method.Name}")));
            }
        }
    }

    /// <summary>Called before each check of a token.</summary>
    public static void Checked()
    {
        lock (Places)
        {
            _most = Math.Max(_most, _rounds);
        }

        (_rounds, _reported) = (0, 0);
    }

    private static byte[] Instrumented(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        MethodReference round = module.ImportReference(typeof(CountedRounds).GetMethod(nameof(Round)));
        MethodReference isChecked = module.ImportReference(typeof(CountedRounds).GetMethod(nameof(Checked)));
        foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            Instrument(method, round, isChecked);
        }

        using var image = new MemoryStream();
        module.Write(image);
        return image.ToArray();
    }

    private static void Instrument(MethodDefinition method, MethodReference round, MethodReference isChecked)
    {
        method.Body.SimplifyMacros();
        ILProcessor processor = method.Body.GetILProcessor();
        Instruction[] code = [.. method.Body.Instructions];
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i].Operand is MethodReference { Name: Check })
            {
                processor.InsertBefore(code[i], processor.Create(OpCodes.Call, isChecked));
            }
            else if (code[i].Operand is Instruction target && Array.IndexOf(code, target) <= i)
            {
                processor.InsertBefore(code[i], processor.Create(OpCodes.Call, round));
            }
        }

        bool isLambda = method.Name.Contains(">b__", StringComparison.Ordinal);
        if (isLambda || code.Any(instruction => instruction.Operand is MethodReference { Name: var name } && name == method.Name && !method.IsConstructor))
        {
            processor.InsertBefore(code[0], processor.Create(OpCodes.Call, round));
        }

        method.Body.OptimizeMacros();
    }

    /// <summary>Everything else is what the tests have.</summary>
    private sealed class Counted : AssemblyLoadContext
    {
        private readonly Dictionary<string, Assembly> _counted = [];

        /// <param name="assemblies">The compiler's, each behind those that it uses.</param>
        public Counted(params Assembly[] assemblies)
        {
            foreach (Assembly assembly in assemblies)
            {
                _counted.Add(assembly.GetName().Name!, LoadFromStream(new MemoryStream(Instrumented(assembly.Location))));
            }
        }

        protected override Assembly? Load(AssemblyName assemblyName) => _counted.GetValueOrDefault(assemblyName.Name!)
            ?? Default.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == assemblyName.Name);
    }
}
