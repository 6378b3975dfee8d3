using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>The instructions of a compiled method.</summary>
internal sealed class IntermediateCode
{
    private static readonly Dictionary<short, OpCode> Known = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly List<string> _names = [], _calls = [];
    private readonly HashSet<int> _leaders = [0];

    public IntermediateCode(MethodInfo method)
    {
        MethodBody body = method.GetMethodBody()!;
        byte[] bytes = body.GetILAsByteArray()!;
        (Bytes, Locals) = (bytes.Length, method.GetParameters().Length + body.LocalVariables.Count);
        for (int i = 0; i < bytes.Length;)
        {
            OpCode code = Known[bytes[i] == 0xFE ? unchecked((short)(0xFE00 | bytes[i + 1])) : bytes[i]];
            int operand = i + code.Size;
            i = operand + SizeOf(code.OperandType);
            _names.Add(code.Name!);
            if (code.OperandType == OperandType.InlineMethod)
            {
                _calls.Add(method.Module.ResolveMethod(BitConverter.ToInt32(bytes, operand))!.Name);
            }

            if (code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch)
            {
                _leaders.Add(i);
                _leaders.Add(
                    i + (code.OperandType == OperandType.ShortInlineBrTarget ? (sbyte)bytes[operand]
                        : BitConverter.ToInt32(bytes, operand)));
            }
        }
    }

    public int Bytes { get; }

    /// <summary>Arguments and variables.</summary>
    public int Locals { get; }

    public int Instructions => _names.Count;

    public int BasicBlocks => _leaders.Count;

    /// <summary>Instructions that read or set one of them, as the JIT counts them.</summary>
    public int References => Count("ldloc", "stloc", "ldarg", "starg");

    /// <summary>Instructions whose names begin with one of these.</summary>
    public int Count(params string[] beginnings) => _names.Count(name => beginnings.Any(name.StartsWith));

    /// <summary>Calls of methods with one of these names.</summary>
    public int CountCalls(params string[] methods) => _calls.Count(methods.Contains);

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => throw new NotSupportedException("switch"),
        _ => 4,
    };
}
