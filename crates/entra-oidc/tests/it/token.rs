mod id_token;
