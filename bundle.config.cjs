/** What several lazily loaded parts use goes into a file of its own, instead of into each of theirs. */
function once(name, test) {
  return { name, test, chunks: 'async', enforce: true };
}

module.exports = {
  optimization: {
    splitChunks: {
      cacheGroups: {
        shared: once(
          'shared',
          /labextension[\\/](lib[\\/](api|model|parts)[\\/](?!archive)|style[\\/](panel|row|form|output))/
        ),
        loaders: once('loaders', /node_modules[\\/](css|style)-loader[\\/]/)
      }
    }
  }
};
