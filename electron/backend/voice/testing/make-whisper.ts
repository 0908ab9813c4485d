/**
 * A Whisper that is none: the files, the tokenizer and the graphs of a model that the library loads and runs as it does a true one, but whose decoder
 * is a table of what follows each token. Whatever it hears, it says "Bonjour docteur", in French.
 */
import fs from 'node:fs'
import path from 'node:path'

const words = ['!', 'Bon', 'jour', 'Ġdocteur']
const special = ['<|endoftext|>', '<|startoftranscript|>', '<|en|>', '<|fr|>', '<|translate|>', '<|transcribe|>', '<|startoflm|>', '<|startofprev|>', '<|nospeech|>', '<|notimestamps|>', '<|0.00|>', '<|0.02|>']
const vocabulary = [...words, ...special]
const idOf = (token: string): number => vocabulary.indexOf(token)

/** What follows each token, as logits; all others are 0. */
const follows: readonly (readonly [string, string, number])[] = [
  ['<|startoftranscript|>', '<|fr|>', 2],
  ['<|notimestamps|>', 'Bon', 6],
  ['Bon', 'jour', 6],
  ['jour', 'Ġdocteur', 6],
  ['Ġdocteur', '<|endoftext|>', 6],
]

/** Writes the model into a folder. */
export function makeWhisper(folder: string): void {
  fs.mkdirSync(path.join(folder, 'onnx'), { recursive: true })
  const write = (name: string, value: unknown): void => fs.writeFileSync(path.join(folder, name), JSON.stringify(value))
  const start = idOf('<|startoftranscript|>')
  const end = idOf('<|endoftext|>')
  const shape = { model_type: 'whisper', architectures: ['WhisperForConditionalGeneration'], vocab_size: vocabulary.length, num_mel_bins: 80, d_model: 4, encoder_layers: 1, decoder_layers: 1, encoder_attention_heads: 1, decoder_attention_heads: 1, max_source_positions: 1500, max_target_positions: 40, is_encoder_decoder: true }
  write('config.json', { ...shape, decoder_start_token_id: start, eos_token_id: end, pad_token_id: end, bos_token_id: end })
  write('generation_config.json', {
    decoder_start_token_id: start,
    eos_token_id: end,
    pad_token_id: end,
    bos_token_id: end,
    max_length: 40,
    is_multilingual: true,
    lang_to_id: { '<|en|>': idOf('<|en|>'), '<|fr|>': idOf('<|fr|>') },
    task_to_id: { transcribe: idOf('<|transcribe|>'), translate: idOf('<|translate|>') },
    no_timestamps_token_id: idOf('<|notimestamps|>'),
    prev_sot_token_id: idOf('<|startofprev|>'),
    return_timestamps: false,
  })
  write('preprocessor_config.json', { chunk_length: 30, feature_extractor_type: 'WhisperFeatureExtractor', feature_size: 80, hop_length: 160, n_fft: 400, n_samples: 480_000, nb_max_frames: 3000, padding_side: 'right', padding_value: 0, processor_class: 'WhisperProcessor', return_attention_mask: false, sampling_rate: 16_000 })
  write('tokenizer_config.json', { tokenizer_class: 'WhisperTokenizer', bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>', pad_token: '<|endoftext|>', model_max_length: 1024 })
  write('tokenizer.json', {
    version: '1.0',
    added_tokens: special.map((content) => ({ id: idOf(content), content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: !/^<\|\d/.test(content) })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, vocab: Object.fromEntries(words.map((word) => [word, idOf(word)])), merges: [] },
  })
  write('manifest.json', { id: 'whisper-of-tests', dtype: 'fp32' })

  const table = new Float32Array(vocabulary.length ** 2)
  for (const [token, next, logit] of follows) table[idOf(token) * vocabulary.length + idOf(next)] = logit
  const hidden = tensor('last_hidden_state_value', [1, 1500, 4], new Float32Array(6000))
  fs.writeFileSync(
    path.join(folder, 'onnx', 'encoder_model.onnx'),
    model({ nodes: [node('Identity', ['last_hidden_state_value'], ['last_hidden_state'])], constants: [hidden], inputs: [value('input_features', float, ['b', 80, 3000])], outputs: [value('last_hidden_state', float, [1, 1500, 4])] }),
  )
  fs.writeFileSync(
    path.join(folder, 'onnx', 'decoder_model_merged.onnx'),
    model({
      nodes: [node('Gather', ['table', 'input_ids'], ['logits'])],
      constants: [tensor('table', [vocabulary.length, vocabulary.length], table)],
      inputs: [value('input_ids', int64, ['b', 's']), value('encoder_hidden_states', float, ['b', 1500, 4])],
      outputs: [value('logits', float, ['b', 's', vocabulary.length])],
    }),
  )
}

// ONNX is Protocol Buffers; these are the few messages that two graphs of one node need, by the numbers of onnx.proto.
const float = 1
const int64 = 7

function varint(number: number): Buffer {
  const bytes: number[] = []
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return Buffer.from(bytes)
  }
}
const whole = (field: number, number: number): Buffer => Buffer.concat([varint(field * 8), varint(number)])
const bytes = (field: number, content: Buffer | string): Buffer => {
  const body = Buffer.from(content)
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body])
}
const message = (field: number, ...parts: Buffer[]): Buffer => bytes(field, Buffer.concat(parts))

function node(operation: string, inputs: string[], outputs: string[]): Buffer {
  return Buffer.concat([...inputs.map((name) => bytes(1, name)), ...outputs.map((name) => bytes(2, name)), bytes(3, outputs.join()), bytes(4, operation)])
}
function tensor(name: string, dimensions: number[], data: Float32Array): Buffer {
  return Buffer.concat([...dimensions.map((size) => whole(1, size)), whole(2, float), bytes(8, name), bytes(9, Buffer.from(data.buffer))])
}
function value(name: string, type: number, dimensions: (number | string)[]): Buffer {
  const shape = message(2, ...dimensions.map((size) => message(1, typeof size === 'number' ? whole(1, size) : bytes(2, size))))
  return Buffer.concat([bytes(1, name), message(2, message(1, whole(1, type), shape))])
}
function model({ nodes, constants, inputs, outputs }: Record<'nodes' | 'constants' | 'inputs' | 'outputs', Buffer[]>): Buffer {
  const parts = [...nodes.map((one) => bytes(1, one)), bytes(2, 'test'), ...constants.map((one) => bytes(5, one)), ...inputs.map((one) => bytes(11, one)), ...outputs.map((one) => bytes(12, one))]
  return Buffer.concat([whole(1, 8), message(7, ...parts), message(8, bytes(1, ''), whole(2, 13))])
}
